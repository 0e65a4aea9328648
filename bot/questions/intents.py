"""Tells what a question wants from the words around the names: its intent, and which of its words are only its frame."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from bot.questions.text import Token
from bot.questions.vocabulary import ASKING, FRAME, HAN_EDGES, HAN_FRAME, HAN_INTENTS, MISSPELT, SIMPLE
from bot.scripts import is_han

INTENTS = (
    "status",
    "profile",
    "reasons",
    "sources",
    "denial",
    "topic",
    "changes",
    "relation",
    "list",
    "coverage",
    "help",
    "unknown",
)

_FIRMS = r"(?:firms?|compan(?:y|ies)|entit(?:y|ies)|everyone|everybody|anyone|people|names?|ones|suppliers?|organi[sz]ations?|all)"
_SUBJECTS = (
    rf"(?:{_FIRMS}|persons?|individuals?|nationals|citizens|vessels?|ships?|tankers?|aircrafts?|planes?|helicopters?|banks?|entries|records"
    r"|subjects|companys)"
)
_PLURALS = (
    r"\b(?:firms|compan(?:ies|ys)|entities|everyone|everybody|people|names|ones|suppliers|organi[sz]ations|persons|individuals|nationals"
    r"|citizens|vessels|ships|tankers|aircrafts?|planes|helicopters|banks|entries|records|subjects)"
)
_OF_ONE = r"^(?!(?:is|was|has|does|did) (?!there ))(?!.*\b(?:is|was) (?!there |on ))"
"""Begins a pattern that is not to fit "is X Bank on the list"."""
_GONE = r"(?:added|removed|delisted|dropped|taken off|kicked off)"
_FLAGGED = r"(?:flagged|listed|sanctioned|designated|named|blacklisted|blocked|accused|on\b)"

PATTERNS = tuple(
    (intent, re.compile(pattern))
    for intent, pattern in (
        ("help", r"^(?:please |pls )?(?:help|commands?|usage|\?+)(?: me)?(?: please| pls)?$"),
        (
            "help",
            r"what can (?:you|i|u) (?:do|ask)|how (?:do|can|does) (?:i|you|this|it) (?:use|work|ask)|what (?:do|does) you do"
            r"|how (?:to|do you) (?:use|work)|what are you|who are you",
        ),
        (
            "coverage",
            r"\bcoverage\b|\b(?:what|which) (?:lists?|data|datasets?|sources?|records?) (?:do|are|is|have|did|were|r)\b"
            r"(?! .*\b(?:say|on|under)\b)|how (?:fresh|old|current|recent|up to date)|what (?:do )?you (?:cover|search|have loaded|check)"
            r"|last (?:updated?|loaded|refreshed)|what (?:is|has been|was|'s)? ?(?:loaded|searched|covered)|up[- ]to[- ]date",
        ),
        (
            "changes",
            r"\bchang(?:e|es|ed)\b|what(?:'?s| is| are)? (?:the )?(?:new|latest|news)\b|anything new|any (?:news|updates?)|\bupdates?\b"
            r"|(?:who|what|which|how many)\b(?! (?:program|law|measure|list|authorit)).* (?:was|were|got|get|has|have|did|been|are|is) (?:.* )?"
            r"(?:add(?:ed)?|remov(?:e|ed)|delist(?:ed)?|drop(?:ped)?|taken off|take off|kicked off|put on)\b"
            r"|newly (?:listed|added|named|sanctioned|designated)|\b(?:additions|removals|delistings|amendments)\b|what happened"
            rf"|how many\b(?! of).*\b(?:{_GONE}|additions|removals|delistings)\b|{_PLURALS} (?:newly |recently )?{_GONE}\b"
            r"|who(?:'?s| is| are|) new\b|\bnew (?:designations|listings|entries|names)\b|came off|^(?:show|list|give) .*\b(?:added|removed|delisted)\b",
        ),
        (
            "relation",
            r"\b(?:related|relations?|relationships?|connected|connections?|affiliat\w+|subsidiar\w+|parent|owns?|owned|owners?"
            r"|ownership|linked|links? between|ties? between|shareholders?)\b|same (?:company|firm|entity|thing|as)"
            r"|difference between|the same\b",
        ),
        (
            "denial",
            r"\b(?:den(?:y|ies|ied|ying|ial|ials)|rebut\w*|refut\w+|respon(?:d|ds|ded|se|ses)|disput\w+|comment(?:s|ed)?"
            r"|repl(?:y|ies|ied)|react\w*|their side|contest(?:s|ed)?)\b"
            r"|what (?:do|does|did|has|have) (?:they|it|he|she|the company|the firm) (?:say|said)",
        ),
        (
            "sources",
            r"\bsources?\b|who (?:says|said|claims|claimed|alleges|reported|told)|says who|according to (?:who|whom)|\bevidence\b"
            r"(?! of)|\bcitations?\b|\bcite\b|\breferences?\b|\blinks?\b|\bproof\b|where (?:does|do|did|is) (?:this|that|it) (?:come|from)"
            r"|who is saying|whose word",
        ),
        (
            "reasons",
            r"\bwhy\b|\breasons?\b|what for|on what (?:grounds|basis)|what (?:did|do|does|have|has) (?:they|it|he|she) (?:do|done|did)"
            r"|accused of|what (?:are|is) (?:the )?(?:allegations?|accusations?|charges?|claims?)|since when|\bgrounds\b"
            r"|(?:under|by|on) (?:which|what) (?:sanctions? )?(?:programme?s?|law|authority|basis|act|order|regulation|lists?)|how come"
            r"|^when (?:was|were|did|has|have|is)|\bhow long\b|\bwhat (?:date|day)\b|(?:which|what) (?:sanctions? )?(?:programme?s?|measures?)\b"
            r"|\blegal bas[ie]s\b|what (?:kind|type|sort) of (?:sanctions?|listing|restrictions?)|\b(?:which|what) lists? (?:is|are|was|were) .*\bon\b",
        ),
        (
            "topic",
            r"how (?:much|many) of\b|what (?:share|percent\w*|proportion|part)|\bpercent\w*\b"
            r"|(?:who|which \w+|what \w+|how) (?:is |are |has been |have been |would be |r )?"
            r"(?:suppl\w+|provid\w+|sell\w*|sold|mak(?:es|ing|e)|made|send\w*|ship\w*|export\w*|deliver\w*|manufactur\w+|produc\w+|handl\w+)"
            r"|is there (?:any )?evidence|evidence of|what (?:do|did|does|have) .*\b(?:officials?|government|beijing|yellen|treasury|white house)\b",
        ),
        (
            "list",
            r"(?:which|what|who|how many)\b.* (?:did|has|have) .*\b(?:list|designated?|sanction|name|blacklist)(?:ed)?\b|under (?:an? )?asset freeze|\bsdns\b"
            rf"|^(?!(?:is|was|are|were|has|have|does|did) ).*\blist\b.*\b{_FIRMS}\b|\b(?:who(?: all)?|which {_FIRMS}|what {_FIRMS}) (?:is|are|r|got|have been|has been|was|were) .*{_FLAGGED}"
            rf"|\b(?:which|what) (?!about )(?:\w+ ){{0,4}}{_SUBJECTS} (?:is|are|r|got|have been|has been|was|were) .*{_FLAGGED}"
            rf"|\b(?:all|every|each)(?: the| of the| chinese)* ?(?:{_FIRMS}|{_FLAGGED})|everyone|everybody"
            rf"|(?:how many|number of|count of|count) (?:\w+ ){{0,4}}{_SUBJECTS}|how many .*(?:{_FLAGGED}|lists?\b)"
            rf"|^(?:show|list|give)(?: me| us)?(?: all| every)?(?: the)?(?: flagged| listed| named)? ?(?:{_FIRMS}|{_FLAGGED})?$"
            rf"|^(?:please |pls )?(?:show|list|give)(?: me| us)? .*\b(?:{_SUBJECTS}|lists?)\b"
            rf"|^who (?:from|in) .*\b(?:is|are|was|were) .*{_FLAGGED}"
            r"|who(?:'s| is) on (?:it|the|your)|who (?:all )?(?:is|are) .*(?:flagged|listed|named)"
            rf"|{_OF_ONE}.*{_PLURALS} (?:are |were )?on (?:the )?(?:\S+ )*lists?\b",
        ),
        (
            "profile",
            r"tell me|\b(?:who|what) (?:is|are|was|were|r)$|^(?:who|what)(?:'s| is| are)\b|\bprofile\b|\bdetails?\b|everything"
            r"|\bbackground\b|\bdescribe\b|\binfo\b|\binformation\b|know about|more (?:on|about)|\bidentifiers?\b|\baliases\b|full record|dossier",
        ),
    )
)
"""Intent ← words around the names; the first that fits counts."""

_STATUS = re.compile(
    r"flag|list|sanction|designat|named|blacklist|blocked|ban|anything|something|record|exposure|exposed|check|screen|look up|hit"
    r"|clean|safe|okay?|problem|issue|trouble|risk|what about|how about|status|still|ever|formerly|implicated|involved|allowed|can we|may we|should"
    r"|制裁|名单|清单|列入|列名|点名|指控|风险|问题|付款|可以|санкци"
)
_PERMISSION = re.compile(
    r"\b(?:can|may|should|could|must|shall) (?:we|i|you|they|our|my|us)\b|\b(?:allowed|permitted|permission|ok(?:ay)?|safe|fine|clean|clear|good|legal) to\b"
    r"|\bcleared to\b|\bguilty\b|\bgo ahead\b|\bdo business\b|\bis it (?:ok(?:ay)?|safe|fine|legal|alright)\b|\b(?:is|are) .*\b(?:safe|clean)\b|\bgreen light\b|allowed to"
)
_POINTING = re.compile(
    r"\b(?:they|them|their|theirs|it|its|that|this|those|these|he|she|him|her|the (?:company|firm|allegations?|claims?)|same|both)\b|^(?:and|but|so|why|since when)\b"
    r"|who (?:says|said|denies|denied)|says who|any denial"
)
_HAN_PERMISSION = re.compile(r"可以|能不能|能否|可不可以|允许|是否可")
_HAN_POINTING = re.compile(r"他们|它|该公司|这家|他|其")


def mark(tokens: Sequence[Token], taken: Sequence[tuple[int, int]] = ()) -> list[Token]:
    """The tokens with the question's own words marked `frame`, and what lies in `taken` too; runs of Han are cut at them.
    Nothing inside quotes is frame."""
    marked: list[Token] = []
    quoted = False
    for token in tokens:
        if token.role == "quote":
            quoted = not quoted
            marked.append(token)
        elif token.role != "word" or quoted:
            marked.append(token)
        else:
            marked += [one for piece in _cut_at(token, taken) for one in _marked(piece)]
    return _trading(marked)


def _trading(marked: list[Token]) -> list[Token]:
    """The tokens, "Import and Export" behind a name as a part of it."""
    for place in range(1, len(marked) - 1):
        rest = [one for one in marked[place : place + 3] if one.role != "joint"][:2]
        if marked[place - 1].role == "word" and [one.text.lower() for one in rest] == ["import", "export"]:
            marked = [replace(one, role="word") if any(one is each for each in rest) else one for one in marked]
    return marked


def _marked(token: Token) -> list[Token]:
    if token.role == "frame":
        return [token]
    if is_han(token.text[0]):
        return _cut_han(token)
    if token.text.lower() in ("and", "or", "vs", "versus", "plus", "nor", "&"):
        return [replace(token, role="joint")]
    return [replace(token, role="frame" if is_frame(token.text) else "word")]


def _cut_at(token: Token, taken: Sequence[tuple[int, int]]) -> Iterator[Token]:
    """A token in pieces, what of it lies in `taken` as frame."""
    inside = [any(first <= place < last for first, last in taken) for place in range(token.start, token.end)]
    for within, places in groupby(range(len(token.text)), key=lambda place: inside[place]):
        run = list(places)
        yield _piece(token, run[0], run[-1] + 1, "frame" if within else "word")


def is_frame(word: str) -> bool:
    """Whether a word belongs to the question and not to a name, misspelt or not."""
    return spelt(word) in FRAME


def is_asking(word: str) -> bool:
    """Whether a frame word asks for something, so that it is no part of a name even with a capital."""
    plain = spelt(word)
    return bool(_STATUS.search(plain)) or plain in ASKING


def spelt(word: str) -> str:
    """A word in lower case; a frame word that is misspelt by one letter, as it should be."""
    plain = word.lower().strip("'").translate(SIMPLE)
    return plain if plain in FRAME else MISSPELT.get(plain, plain)


def _cut_han(token: Token) -> list[Token]:
    """A run of Han cut at the words of the question."""
    pieces: list[Token] = []
    end = 0
    for found in (*HAN_FRAME.finditer(token.text.translate(SIMPLE)), None):
        start, stop = found.span() if found else (len(token.text), len(token.text))
        pieces += _trimmed(token, end, start)
        if found:
            pieces.append(_piece(token, start, stop, "frame"))
        end = stop
    return pieces


def _trimmed(token: Token, start: int, end: int) -> list[Token]:
    """What stands between two words of the question, without its first and last characters that belong to the question."""
    first, last = start, end
    while first < last and token.text[first].translate(SIMPLE) in HAN_EDGES[0]:
        first += 1
    while last > first and token.text[last - 1].translate(SIMPLE) in HAN_EDGES[1]:
        last -= 1
    spans = ((start, first, "frame"), (first, last, "word"), (last, end, "frame"))
    return [_piece(token, one, other, role) for one, other, role in spans if one < other]


def _piece(token: Token, start: int, end: int, role: str) -> Token:
    return Token(token.text[start:end], token.start + start, token.start + end, role)


def spoken(tokens: Sequence[Token]) -> str:
    """The question's words in one line, spelt right, lower case."""
    return " ".join(spelt(token.text) for token in tokens if token.role not in ("break", "quote", "time"))


def intent(words: str, has_names: bool) -> str:
    """The intent of a question from its words; `has_names` says whether any word is left that may be of a name."""
    for name, pattern in HAN_INTENTS:
        if pattern.search(words):
            return name
    for name, pattern in PATTERNS:
        if pattern.search(words):
            return name
    return "status" if has_names or _STATUS.search(words) else "unknown"


def asks_about_status(words: str) -> bool:
    """Whether the question's own words ask how somebody stands."""
    return bool(_STATUS.search(words))


def asks_permission(words: str) -> bool:
    """Whether the question asks leave: facts answer it, never permission."""
    return bool(_PERMISSION.search(words) or _HAN_PERMISSION.search(words))


def points_back(words: str) -> bool:
    """Whether the question speaks of what was talked about before."""
    return bool(_POINTING.search(words) or _HAN_POINTING.search(words))


def chooses(words: str) -> bool:
    """Whether the question picks one of the things talked about: "the Yantai one", "the second", "which one is listed"."""
    return bool(re.search(r"\b(?:the|which) (?:\w+ )?one\b|^the (?:first|second|third|last)\b", words))
