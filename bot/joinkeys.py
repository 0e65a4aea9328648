"""What two records may be joined by: their numbers, their full names, the official entry they are of. Pure."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bot.matching.analysis import Analyser
from bot.matching.identifiers import key, schemes
from bot.matching.name import Name, Word
from bot.records import Entity, Identifier, Listing
from bot.scripts import is_han

ORGANISATIONS = frozenset(("Company", "Organization", "PublicBody"))

NAMED_BY = ("primary", "alias", "former")
"""The kinds of names that may say alone who somebody is."""

UNTELLING = frozenset(("common", "place", "sector", "corporate", "particle"))
"""Kinds of words that many names have."""

LEAST_WORDS = 3
"""How many words a name without a legal form needs."""

LEAST_HAN = 4
HAN_ENDINGS = (
    *("公司", "厂", "所", "院", "大学", "学院", "集团", "企业", "银行", "中心", "实验室", "协会", "基金会", "合伙"),
    *("商行", "事务所", "委员会", "研究室", "工场", "株式会社", "有限会社"),
)
"""How the name of a firm or an institute ends in Han."""

NUMBERS = {"uscc": "uscc", "lei": "lei", "isin": "isin", "imo": "imo", "inn": "inn", "ogrn": "ogrn", "ogrnip": "ogrn"}
"""Schemes of numbers that are given out once, as matching calls them and as they are called here."""

UNLABELLED = ("tax", "registration", "")
"""Schemes under which publishers give numbers of other schemes too."""

LEAST_NUMBER = 7

OWN = "own:"
"""What the ids of a team's own list begin with."""

UN_LIST = ("UN", "Security Council Consolidated List")
_UN_REFERENCE = re.compile(r"[A-Z]{2}[ei]\.\d{3}")
"""Permanent reference numbers: https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list"""


class Key(NamedTuple):
    """Something that joins records which share it. `code` is `same_record`, `same_number` or `same_name`; `scheme` that of a
    number, or what a name needs besides: `anywhere`, or `here` where both must be of one country; `value` is what is compared and
    `shown` how it is written; `is_primary` says whether it is the primary name."""

    code: str
    scheme: str
    value: str
    shown: str
    is_primary: bool = False

    @property
    def text(self) -> str:
        """What records are compared by."""
        return f"{self.code} {self.scheme} {self.value}"

    @property
    def hash(self) -> int:
        """The same as a signed number of 64 bits."""
        found = hashlib.blake2b(self.text.encode(), digest_size=8).digest()
        return int.from_bytes(found, "big", signed=True)


def keys(analyser: Analyser, entity: Entity, listings: Iterable[Listing]) -> tuple[Key, ...]:
    """All that a record may be joined by, each once."""
    found = {one.text: one for one in _names(analyser, entity)}
    found |= {one.text: one for one in _numbers(entity)}
    found |= {one.text: one for one in _entries(entity, listings)}
    return tuple(found.values())


def _entries(entity: Entity, listings: Iterable[Listing]) -> Iterator[Key]:
    """The official entries that a record is, or is a copy of; how a team numbers its own rows says nothing of that."""
    if not entity.id.startswith(OWN):
        yield from (_entry(act.authority, act.list, act.record_id) for act in listings if act.record_id)
    # Lists that carry out the Security Council's say which of its entries theirs are.
    for one in entity.identifiers:
        if one.scheme == "list_id" and _UN_REFERENCE.fullmatch(one.value):
            yield _entry(*UN_LIST, one.value)


def _entry(authority: str, list: str, record_id: str) -> Key:
    """An entry of an official list, by its number there."""
    value = " / ".join((authority, list, record_id)).casefold()
    return Key("same_record", "", value, f"{authority}, {list}, record {record_id}")


def _numbers(entity: Entity) -> Iterator[Key]:
    for one in entity.identifiers:
        if one.scheme not in NUMBERS and one.scheme not in UNLABELLED:
            continue
        value = key(one.value)
        scheme = _scheme(one, value, entity) if len(value) >= LEAST_NUMBER and len(set(value)) > 1 else ""
        if scheme:
            yield Key("same_number", scheme, value.removeprefix("imo"), one.value)
        elif one.scheme == "registration" and value and len(set(value)) > 1:
            yield Key("same_number", "registration", value, one.value)


def _scheme(one: Identifier, value: str, entity: Entity) -> str:
    """The scheme of a number that is given out once; "" for others. A label counts without its check digit too: two lists do not
    make the same mistake by chance."""
    if one.scheme in NUMBERS:
        return NUMBERS[one.scheme]
    fitting = [name for name in schemes(value) if name in NUMBERS] if one.scheme in UNLABELLED else []
    for name in fitting:
        # One number in ten of seven or ten digits has the right check digit by chance.
        if name == "imo" and entity.kind != "Vessel":
            continue
        if name in ("inn", "ogrn", "ogrnip") and entity.countries and "ru" not in entity.countries:
            continue
        return NUMBERS[name]
    return ""


def _names(analyser: Analyser, entity: Entity) -> Iterator[Key]:
    """Full names of organisations; those of others are borne by many."""
    if entity.kind not in ORGANISATIONS:
        return
    # The primary name last, so that it stands where an alias is the same.
    for one in sorted(entity.names, key=lambda one: one.kind == "primary"):
        if one.kind in NAMED_BY and (found := full_name(analyser, one.value)):
            scheme, value = found
            yield Key("same_name", scheme, value, one.value, one.kind == "primary")


def full_name(analyser: Analyser, text: str) -> tuple[str, str] | None:
    """What full names are compared by, with what they need besides (see Key); None for a name that many may bear.

    All words as they are written, in their order, case and punctuation aside, and the legal forms, each in one form. Words that
    mean the same in matching ("Tech" and "Technology") are not the same here.
    """
    if not text.isascii() and any(map(is_han, text)):
        return _full_han(analyser, text)
    if len(text.split()) < 2:
        return None
    name = analyser.analyse(text)
    telling = any(word.kind not in UNTELLING for word in name.words)
    words = sum(len(word.written.split()) for word in name.words if word.kind != "particle")
    if (not telling and words < 2) or (not name.legal and (words < LEAST_WORDS or not telling)):
        return None
    # A single word beside a legal form is a name that several firms of other countries may have.
    return ("anywhere" if name.legal and telling and words > 1 else "here"), _written(name)


def _written(name: Name) -> str:
    words: list[str] = []
    before: Word | None = None
    for word in name.words:
        # The words of a gloss stand for one that is written.
        if before is None or word.written != before.written or word.written == word.text:
            words.append(word.text if word.kind == "number" else word.written)
        before = word
    return f"{' '.join(words)} | {' '.join(sorted(name.legal))}"


def _full_han(analyser: Analyser, text: str) -> tuple[str, str] | None:
    written = "".join(analyser.plain(text)[0])
    if sum(map(is_han, written)) < LEAST_HAN or not written.endswith(HAN_ENDINGS):
        return None
    return "anywhere", written
