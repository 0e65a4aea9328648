"""Tells from its words what a question narrows its answer to: lists, countries, kinds, measures, and what it asks first."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.filters import Filters, OfficialList
from bot.questions import countries, specifics
from bot.questions.official_lists import NAMINGS

_FIRM, _PERSON = ("Company", "Organization", "PublicBody"), ("Person",)

KINDS = (
    (
        _FIRM,
        r"firms?|compan(?:y|ies)|companys|entit(?:y|ies)(?! list)|organi[sz]ations?|businesses|suppliers?|banks?|corporations?"
        r"|universit(?:y|ies)|institutes?|manufacturers?",
        "公司|企业|厂商|实体(?!清单|名单)|机构|组织|银行|大学|研究所",
    ),
    (
        _PERSON,
        r"persons?(?! list)|people|individuals?|nationals|citizens?|men|women|oligarchs?",
        "个人|人员|自然人|公民|人士|人(?!清单|名单)",
    ),
    (("Vessel",), r"vessels?|ships?|tankers?|boats?", "船只|船舶|船|油轮|货轮"),
    (("Airplane",), r"aircrafts?|air ?planes?|planes?|helicopters?|jets?", "飞机|航空器|直升机"),
)
"""Kinds of subjects ← words for them, in English and Chinese."""

_ENGLISH_KINDS = "|".join(english for _, english, _ in KINDS)
_CHINESE_KINDS = "|".join(chinese for _, _, chinese in KINDS)
_ANYBODY = "ones|entries|names|records|suppliers|subjects|addresses"

_ENGLISH = re.compile(rf"\b(?:{countries.either(countries.ENGLISH)})\b")
_SOME = rf"(?:{_ENGLISH.pattern})(?: (?:and |or )?{_ENGLISH.pattern})*"
_COUNTRY = re.compile(
    rf"(?P<of>{_SOME}) (?:\w+ )?(?:{_ENGLISH_KINDS}|{_ANYBODY})\b"
    rf"|\b(?:in|from|of|based in|located in|out of) (?:the )?(?P<in>{_SOME})(?! (?:\w+ )?lists?\b)"
    rf"|(?P<flag>{_SOME})[- ](?:based|flagged|registered|owned)\b"
)
_KEEPERS = ("uk", "us", "british", "english", "united kingdom", "britain")
_CHINESE_COUNTRY = re.compile(f"(?P<of>{countries.either(countries.CHINESE)})(?:的|籍)?(?:{_CHINESE_KINDS})")

MEASURES = {
    "asset freeze": r"asset[- ]freezes?|\bfrozen\b|freezing|资产冻结|冻结资产|冻结",
    "travel ban": r"travel[- ]bans?|entry bans?|旅行禁令|入境禁令",
    "export licence requirement": r"export licen[cs]e requirements?|出口许可",
    "export restriction": r"export (?:restrictions?|bans?)|出口限制",
    "securities restriction": r"securit(?:y|ies) (?:restrictions?|bans?)|investment bans?|证券限制|投资禁令",
    "arms embargo": r"arms embargo(?:es)?|武器禁运",
}
"""Measure ← words for it."""

WORDS = {
    "not listed": r"\b(?:not|aren't|isn't|never|without being) (?:\w+ )?(?:listed|sanctioned|designated)\b",
    "formerly listed": r"\b(?:formerly|previously|once) (?:\w+ )?(?:listed|sanctioned|designated|on)\b|\bno longer\b|曾被列|不再",
    "listed": r"\blisted\b|\bsanctioned\b|\bdesignated\b|\bblacklisted\b|\bblocked\b|被?制裁|列入|列名|名单上|清单上",
    "named": r"\bnamed\b|\baccused\b|\breporting\b|\balleged\b|被点名|点名|被指控",
    "contested": r"\bden(?:y|ies|ied)\b|\bcontested\b|\bdisputed\b",
    "designated": r"\bdesignated\b",
}
"""How those stand that are asked for ← words for it."""

CHANGES = {
    "added": r"\badded\b|\badditions?\b|\badds?\b|\bnewly\b"
    r"|\bnew (?:names?|entries|listings?|designations?|firms?|compan\w+|entit\w+|persons?)"
    r"|\bgot (?:put )?on\b|\bput on\b|\bjoined\b"
    r"|新增|增加|添加|加入|新列入|被列入|列入了|新制裁",
    "removed": r"\bremov(?:ed|als?|es?)\b|\bdelist(?:ed|ings?|s)?\b|\btaken off\b|\bdropped\b|\bkicked off\b"
    r"|\bdeleted\b|\bdeletions?\b|\bcame off\b"
    r"|\b(?:off|left) the\b|移除|移出|除名|删除|剔除|解除|摘牌",
    "changed": r"\bamend(?:ed|ments?)\b|\bmodified\b|\bmodifications?\b|\baltered\b|\bcorrect(?:ed|ions)\b|修改|修订",
}
"""Which changes are asked for ← words for them."""

FIRST = {
    "still": r"\bstill\b|\bany ?more\b|\bno longer\b|\bcurrently\b|还在|仍|还被|依然|是否还",
    "ever": r"\bever\b|\balready\b|\bat any (?:time|point)\b|曾经|曾被|有没有被|以前",
    "since": r"since when|\bhow long\b|^when\b|\bwhen (?:was|were|did|has|have|is)\b|what (?:date|day)|什么时候|何时|哪天|多久",
    "programme": r"program(?:me)?s?\b|\b(?:under|by) (?:which|what) (?:law|authority|act|order|regulation)|legal bas[ie]s"
    r"|\bwhat (?:law|basis)"
    r"|项目|依据|法律|根据什么|哪个法",
    "measure": r"\bmeasures?\b|what (?:does|do) (?:it|that|this|the listing) mean|what kind of (?:sanctions?|listing)"
    r"|what (?:is|are) the (?:restrictions?|consequences?)"
    r"|措施|限制是什么",
}
"""What of a listing is asked ← words for it."""

_WORDS, _CHANGES, _FIRST, _MEASURES = (
    {name: re.compile(pattern) for name, pattern in table.items()} for table in (WORDS, CHANGES, FIRST, MEASURES)
)
_LISTS = tuple((one.list, re.compile(one.english), re.compile(one.chinese, re.IGNORECASE)) for one in NAMINGS)

_MANY = re.compile(
    r"\b(?:firms|companies|companys|entities|organi[sz]ations|banks|persons|people|individuals|nationals|vessels|ships"
    r"|planes|names|entries)\b"
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A question's words, spelt right and in small letters, in one line, and its text as it stands."""

    words: str
    text: str


def named_lists(spoken: Spoken) -> tuple[list[OfficialList], list[str]]:
    """The lists that a question names, and the words it names them by. What is longer hides what it holds; a list hides the
    name of whoever keeps it."""
    words, text = _without_countries(spoken.words), spoken.text
    found: list[OfficialList] = []
    said: list[str] = []
    for one, english, chinese in _LISTS:
        here = [match[0] for match in english.finditer(words)], [match[0] for match in chinese.finditer(text)]
        if here[0] or here[1]:
            words, text = english.sub("·", words), chinese.sub("·", text)
            said += [*here[0], *here[1]]
            found += [] if any(_holds(one, other) for other in found) else [one]
    return found, said


def _holds(keeper: OfficialList, one: OfficialList) -> bool:
    """Whether all lists of an authority are meant by this one of them."""
    return not keeper.words and bool(one.authorities) and set(one.authorities) <= set(keeper.authorities)


def _without_countries(words: str) -> str:
    """The words without "UK firms", which names no list."""
    return _COUNTRY.sub(lambda found: " " * len(found[0]) if _country(found) in _KEEPERS else found[0], words)


def _country(found: re.Match[str]) -> str:
    return next(filter(None, found.groups()), "")


def read(spoken: Spoken, taken: Sequence[tuple[int, int]] = ()) -> Filters:
    """What an answer is to be narrowed to; what lies in `taken` names lists and times."""
    words = spoken.words
    lists, _ = named_lists(spoken)
    said = _fitting(_WORDS, words)
    named = (one for found in _COUNTRY.finditer(words) for one in _ENGLISH.findall(_country(found)))
    codes = [countries.ENGLISH[one] for one in named]
    codes += [countries.CHINESE[_country(found)] for found in _CHINESE_COUNTRY.finditer(spoken.text)]
    return Filters(
        words=frozenset(said - {"listed", "designated"} if {"not listed", "formerly listed"} & said else said),
        lists=tuple(lists),
        any_list=bool(re.search(r"\bor\b|或", words)),
        countries=tuple(dict.fromkeys(codes)),
        kinds=_kinds(words, spoken.text, lists),
        measures=tuple(_fitting(_MEASURES, words)),
        changes=frozenset(_fitting(_CHANGES, words)),
        first=tuple(name for name in FIRST if name in _fitting(_FIRST, words)),
        programmes=tuple(dict.fromkeys(specifics.programmes(spoken.text, taken))),
        nationals=tuple(dict.fromkeys(countries.NATIONALS[one] for one in codes)),
        unread=tuple(specifics.unread(spoken.text, taken)),
    )


def _fitting(table: dict[str, re.Pattern[str]], words: str) -> set[str]:
    return {name for name, pattern in table.items() if pattern.search(words)}


def _kinds(words: str, text: str, lists: Sequence[OfficialList]) -> tuple[str, ...]:
    """The kinds of subjects that are asked for; the words within the name of a list ask for none."""
    for one, english, chinese in _LISTS:
        if one in lists:
            words, text = english.sub("·", words), chinese.sub("·", text)
    found: dict[str, None] = {}
    for kinds, latin, han in KINDS:
        if re.search(rf"\b(?:{latin})\b", words) or re.search(han, text):
            found |= dict.fromkeys(kinds)
    return tuple(found)


def is_of_sort(spoken: Spoken, word: str) -> bool:
    """Whether a word only says of which country or kind those are that a question asks for."""
    if re.fullmatch(rf"(?:{_CHINESE_KINDS})|{_CHINESE_COUNTRY.pattern}", word):
        return True
    said = " ".join(found[0] for found in _COUNTRY.finditer(spoken.words))
    return bool(re.fullmatch(_ENGLISH_KINDS, word.lower())) or word.lower() in said.split()


def asks_for_many(spoken: Spoken) -> bool:
    """Whether a question speaks of several subjects of a kind: "companies from Hong Kong on the Entity List"."""
    return bool(_MANY.search(spoken.words) or re.search(r"哪些|几家|多少", spoken.text))


def spans(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Where the words that name lists stand in a text."""
    forms = (re.compile(rf"(?<![a-z0-9]){re.escape(one.lower())}(?![a-z0-9])") for one in words)
    return [found.span() for form in forms for found in form.finditer(text.lower())]
