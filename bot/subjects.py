"""The records of one subject as one: names, numbers, countries of all, and whose come first. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.answers import Matched, Standing
from bot.joining import AGGREGATORS, OWN, WRITTEN, dataset, rank
from bot.lists import LISTS
from bot.matching.identifiers import key
from bot.matching.index import Match
from bot.records import Entity, Identifier, Listing, Name, Reason

NAMES_FIRST = ("primary", "alias", "former", "acronym", "weak_alias")
SPECIFIC = ("Company", "PublicBody", "Organization")
"""Kinds of organisations, the one that says most first."""


def merged(records: Iterable[Entity]) -> Entity:
    """The subject of some records, called by the name and the id of the one that counts most."""
    first, *others = some = ranked(records)
    if not others:
        return first
    return Entity(
        first.id,
        _kind(some),
        first.name,
        _names(some),
        tuple(dict.fromkeys(country for one in some for country in one.countries)),
        _identifiers(some),
        _note(some),
    )


def ranked(records: Iterable[Entity]) -> list[Entity]:
    """Records, the one that counts most first."""
    return sorted(records, key=lambda one: _rank(one.id))


def _rank(id: str) -> tuple[int, int, str]:
    return rank(id, tuple(LISTS))


def _kind(some: Sequence[Entity]) -> str:
    kinds = [one.kind for one in some]
    return min(kinds, key=SPECIFIC.index) if set(kinds) <= set(SPECIFIC) else kinds[0]


def _names(some: Sequence[Entity]) -> tuple[Name, ...]:
    """The names of all records, each once, whatever its case. What is the primary one elsewhere is an alias here."""
    found: dict[str, Name] = {}
    for name in (*some[0].names, *(_as_alias(name) for one in some[1:] for name in one.names)):
        known = found.setdefault(name.value.casefold(), name)
        if NAMES_FIRST.index(name.kind) < NAMES_FIRST.index(known.kind):
            found[name.value.casefold()] = Name(known.value, name.kind, known.script)
    return tuple(found.values())


def _as_alias(one: Name) -> Name:
    return Name(one.value, "alias", one.script) if one.kind == "primary" else one


def _identifiers(some: Sequence[Entity]) -> tuple[Identifier, ...]:
    found: dict[tuple[str, str], Identifier] = {}
    for one in some:
        for number in one.identifiers:
            found.setdefault((number.scheme, key(number.value) or number.value), number)
    return tuple(found.values())


def _note(some: Sequence[Entity]) -> str:
    """What people wrote to tell the subject from others, else the first there is."""
    written = [one.note for one in some if _rank(one.id)[0] in (OWN, WRITTEN) and one.note]
    return next(iter((*written, *(one.note for one in some if one.note))), "")


def why(reasons: Iterable[Sequence[str]], known: Iterable[str]) -> tuple[Reason, ...]:
    """Why records are one subject, each reason once, of those that are between known records."""
    there = set(known)
    found = (Reason(code, one, other) for code, one, other, *ids in reasons if there.issuperset(ids))
    return tuple(dict.fromkeys(found))


def is_published(id: str) -> bool:
    """Whether a record is of a list that somebody publishes, and not what people wrote."""
    return dataset(id).startswith(AGGREGATORS) or _rank(id)[0] == 0


def of(ids: Iterable[str], standings: Mapping[str, Standing]) -> list[Standing]:
    """The subjects of some records, each once."""
    found = (standings[id] for id in ids if id in standings)
    return list({one.entity.id: one for one in found}.values())


def distinct(matches: Iterable[Match], standings: Mapping[str, Standing]) -> list[Match]:
    """The best match of each subject, where several of its records were found, and of equal ones that of the record that counts
    most; those of records without a standing are left out."""
    found: dict[str, Match] = {}
    for one in matches:
        if one.entity_id in standings:
            best = found.setdefault(standings[one.entity_id].entity.id, one)
            if one.score == best.score and _rank(one.entity_id) < _rank(best.entity_id):
                found[standings[one.entity_id].entity.id] = one
    return list(found.values())


def matched(standing: Standing, match: Match) -> Standing:
    """The standing of a subject, with how it was matched."""
    under = _listed_under(standing, match) if match.kind not in ("primary", "identifier") else None
    return replace(standing, match=Matched(match.score, match.name, match.kind, match.reasons, under))


def _listed_under(standing: Standing, match: Match) -> Listing | None:
    """The listing of the record in which its publisher has the matched name as another one, the most serious first."""
    if match.name.casefold() == standing.entity.name.casefold() or not is_published(match.entity_id):
        return None
    return next(
        (
            fact.listing
            for fact in standing.listings
            if match.entity_id in {fact.listing.entity_id, *(copy.entity_id for copy in fact.copies)}
        ),
        None,
    )
