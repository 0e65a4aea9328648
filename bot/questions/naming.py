"""Reads words that name official lists and nothing else: "SDN", "the Entity List", "UN list", "SDN China"."""

import re
from dataclasses import replace

from bot.filters import Filters
from bot.questions import countries, intents, narrowing, text

_GLUE = frozenset(
    "a all and any changes entries from in list lists news of on or sanctions the to us with 上 中 的 和 名单 清单 列表".split()
)
_ENGLISH = re.compile(rf"\b(?:{countries.either(countries.ENGLISH)})\b")
_CHINESE = re.compile(countries.either(countries.CHINESE))
_SORTS = re.compile("|".join(form for _, english, chinese in narrowing.KINDS for form in (english, chinese)))


def lists(said: str) -> Filters | None:
    """The lists that some words name, narrowed to the countries and kinds of subjects that they name too, any of them where there
    are several; None where they name no list, or anything else beside it: "UK Steel" is no list."""
    spoken = narrowing.Spoken(intents.spoken(text.tokens(said, ())), said)
    found, named = narrowing.named_lists(spoken)
    rest = spoken.words
    for one in sorted(named, key=len, reverse=True):
        rest = rest.replace(one.lower(), " ")
    codes: list[str] = []
    for form, of in ((_ENGLISH, countries.ENGLISH), (_CHINESE, countries.CHINESE)):
        codes += [of[one] for one in form.findall(rest)]
        rest = form.sub(" ", rest)
    if not found or any(word not in _GLUE and not _SORTS.fullmatch(word) for word in rest.split()):
        return None
    narrowed = narrowing.read(spoken)
    some = tuple(dict.fromkeys((*narrowed.countries, *codes)))
    return replace(
        Filters(lists=tuple(found), any_list=len(found) > 1, kinds=narrowed.kinds),
        countries=some,
        nationals=tuple(dict.fromkeys(countries.NATIONALS[one] for one in some)),
    )
