"""Reads words that name official lists and nothing else: "SDN", "the Entity List", "UN list", "SDN China"; tells them from those
that name a list and something else, or nobody at all."""

import re
from dataclasses import replace

from bot.filters import Filters, OfficialList
from bot.questions import countries, intents, narrowing, text

_GLUE = frozenset(
    "a all and any changes entries for from in list lists news of on or sanctions the to us with".split()
    + "上 中 的 和 名单 清单 列表".split()
)
_ENGLISH = re.compile(rf"\b(?:{countries.either(countries.ENGLISH)})\b")
_CHINESE = re.compile(countries.either(countries.CHINESE))
_SORTS = re.compile("|".join(form for _, english, chinese in narrowing.KINDS for form in (english, chinese)))
_MANY = re.compile(r"\w+s|people|men|women")
_LIST = re.compile(r"\b(?:sdn|lists?)\b|名单|清单", re.IGNORECASE)


def lists(said: str) -> Filters | None:
    """The lists that some words name, narrowed to the countries and kinds of subjects that they name too, any of them where there
    are several; None where they name no list, or anything else beside it: "UK Steel" is no list."""
    spoken = narrowing.Spoken(intents.spoken(text.tokens(said, ())), said)
    found, codes, rest = _parted(spoken)
    if not found or not all(map(_SORTS.fullmatch, rest)):
        return None
    narrowed = narrowing.read(spoken)
    some = tuple(dict.fromkeys((*narrowed.countries, *codes)))
    return replace(
        Filters(lists=tuple(found), any_list=len(found) > 1, kinds=narrowed.kinds),
        countries=some,
        nationals=tuple(dict.fromkeys(countries.NATIONALS[one] for one in some)),
    )


def _parted(spoken: narrowing.Spoken) -> tuple[list[OfficialList], list[str], list[str]]:
    """The lists and the countries that some words name, and the words beside them that say anything."""
    found, named = narrowing.named_lists(spoken)
    rest = spoken.words
    for one in sorted(named, key=len, reverse=True):
        rest = rest.replace(one.lower(), " ")
    codes: list[str] = []
    for form, of in ((_ENGLISH, countries.ENGLISH), (_CHINESE, countries.CHINESE)):
        codes += [of[one] for one in form.findall(rest)]
        rest = form.sub(" ", rest)
    return found, codes, [word for word in rest.split() if word not in _GLUE]


def strays(said: str) -> bool:
    """Whether some words speak of an official list and of something that is none: "Entity List Atlantis"."""
    spoken = narrowing.Spoken(intents.spoken(text.tokens(said, ())), said)
    found, _, rest = _parted(spoken)
    return bool(found and _LIST.search(said)) and not all(map(_SORTS.fullmatch, rest))


def is_anybody(said: str) -> bool:
    """Whether some words say no more than where from or of what kind: "China", "all Chinese firms". "Bank of China" is a name."""
    spoken = narrowing.Spoken(intents.spoken(text.tokens(said, ())), said)
    found, codes, rest = _parted(spoken)
    many = all(_MANY.fullmatch(word) and _SORTS.fullmatch(word) for word in rest)
    return not found and bool(codes or rest) and many
