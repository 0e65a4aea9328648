"""Takes the names out of what the Consolidated Screening List has as one: with short forms, former names and remarks in it."""

import re
from collections.abc import Iterator

LONGEST = 1000
"""Characters of a text that names are looked for in; the longest one published has some four hundred."""

_AND = re.compile(r"(?:and|or) +")

_CALLED = re.compile(
    r"[\s,(\[]*(?<![\w.])(?:"
    r"(?P<how>(?i:[afn]\.k\.a|d\.b\.a|[afn]/k/a|d/b/a|also known as|formerly known as|doing business as)|[afn]ka|dba)"
    r"|(?<=[(\[])(?P<bare>(?i:[afn]ka|dba))|^(?P<first>FKA|DBA))\b[.,:]*\s+"
)
"""`a.k.a.` and the like in front of another name; without dots in small letters, in brackets or at the beginning only."""

_PART = re.compile(
    r"(?:subordinate institution|affiliated entity|(?:subordinate )?entity)\s*[:-]?\s+(?=[A-Z])", re.IGNORECASE
)
_OF_ANOTHER = re.compile(
    r".+(?:[.,]\s+(?:and )?(?:subordinate (?:institution|entity)|affiliated entity)|\bentity:).+", re.IGNORECASE
)
"""`Sample Holding (SH).  Subordinate Institution - First Factory`: what is listed stands last."""

_THEREOF = re.compile(r",?\s+and (?:any successor|its sub-?units?)\b.*$", re.IGNORECASE)
_SHORT = re.compile(r"(?P<long>.*\S)\s*\((?P<short>[^()]{2,20})\)[.,]?")
_REMARKED = re.compile(r"(?P<long>.*\S)\s*\([a-z]+ [^()]*\)")
_ACRONYM = re.compile(r"(?=(?:[^A-Z]*[A-Z]){2})[A-Z0-9][A-Za-z0-9&/.-]{1,11}")
_CAPITALS = 0.5
"""The share of its letters that an acronym has in capitals."""

_NO_ACRONYMS = frozenset(
    "LLC LLP LTD PVT PTE PTY PLC FZE FZC FZCO INC CO JSC OJSC PJSC CJSC OOO OAO ZAO AO PAO GMBH SARL SA BV NV AG SDN BHD"
    " UK USA US HK PRC UAE DPRK ROC EU GROUP PRIVATE LIMITED HOLDINGS HOLDING INTERNATIONAL TRADING".split()
)
"""Legal forms and places, which stand in brackets as well."""

_ALTERNATIVE = re.compile(r" or (?=[A-Z])")


def is_remark(text: str) -> bool:
    """Whether an item among the names is a remark on them: `(all of preceding located in …)`."""
    return bool(re.fullmatch(r"\([a-z][^()]*\)", text))


def tidy(text: str) -> str:
    """A name without what belongs to the enumeration it stands in: `A; B; and C,`."""
    stripped = text.strip(" ,;")
    found = _AND.match(stripped)
    return (stripped[found.end() :] if found else stripped).lstrip("- ")


def names_in(text: str, kind: str) -> Iterator[tuple[str, str]]:
    """What was published, of that kind, and the names in it: each with its kind, short forms in brackets too."""
    whole = tidy(text)
    if len(whole) > LONGEST:
        yield whole, kind
        return
    pieces = list(_pieces(_own(_THEREOF.sub("", whole))))
    # `F.K.A. Sample Office` is but a former name.
    if not (len(pieces) == 1 and pieces[0][0] != whole and kind != "primary" and _CALLED.match(whole)):
        yield whole, kind
    for name, how in pieces:
        yield name, how
        yield from _short(name)
        if len(both := _ALTERNATIVE.split(name)) == 2 and all(" " in one for one in both):
            yield from ((one, how) for one in both)


def _own(text: str) -> str:
    """The name of what is listed, where it is called a part of another."""
    return _PART.split(text)[-1].strip() if _OF_ANOTHER.fullmatch(text) else text


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """A name and what it is called besides, with their kinds."""
    found = list(_CALLED.finditer(text))
    ends = [one.start() for one in found] + [len(text)]
    if ends[0]:
        yield text[: ends[0]], "alias"
    for one, end in zip(found, ends[1:], strict=True):
        how = one["how"] or one["bare"] or one["first"]
        for name in filter(None, map(tidy, _closed(text[one.end() : end]).split(";"))):
            yield name, "former" if how.casefold().startswith("f") else "alias"


def _closed(text: str) -> str:
    """A text up to the bracket that was opened before it."""
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign in "([") - (sign in ")]")
        if depth < 0:
            return text[:place]
    return text


def _short(name: str) -> Iterator[tuple[str, str]]:
    """`Sample Research Institute (SRI)` is called what stands before the brackets, and what stands in them if it is a name."""
    if remark := _REMARKED.fullmatch(name):
        yield remark["long"], "alias"
    found = _SHORT.fullmatch(name)
    if not found:
        return
    for long, short in ((found["long"], found["short"]), (found["short"], found["long"])):
        if _is_acronym(short, long):
            yield long, "alias"
            yield short, "acronym"
            return
    if _is_short_form(found["short"], found["long"]):
        yield found["long"], "alias"
        yield found["short"], "alias"


def _is_acronym(short: str, long: str) -> bool:
    letters = [sign for sign in short if sign.isalpha()]
    if not _ACRONYM.fullmatch(short) or short.upper() in _NO_ACRONYMS or " " not in long:
        return False
    if sum(map(str.isupper, letters)) < len(letters) * _CAPITALS:
        return False
    # Where all is in capitals, only its letters tell that `(SRI)` is no town.
    return not _is_of_the_end(short, long) and (not long.isupper() or _comes_in(short, long))


def _is_of_the_end(short: str, long: str) -> bool:
    """Whether an acronym is that of the last words only: `10th Institute of Sample Group Corporation (SGC)`."""
    initials = [word[0] for word in re.findall(r"[^\W_]+", long)]
    start = next((place for place, sign in enumerate(initials) if sign == short[0]), 0)
    # `SAMPLE Flight Research Institute (FRI)` has but its parent's name before its own.
    return start > 1 and _comes_in(short, "".join(initials[start:]))


def _is_short_form(short: str, long: str) -> bool:
    """`CETC 13` of a 13th institute: the words of a short form with an acronym among them."""
    words = short.split()
    return len(words) > 1 and any(map(_ACRONYM.fullmatch, words)) and not long.isupper() and _comes_in(short, long)


def _comes_in(short: str, long: str) -> bool:
    """Whether the signs of a short form come in the long one, in their order."""
    signs = iter(long.casefold())
    return all(sign in signs for sign in short.casefold() if sign.isalnum())
