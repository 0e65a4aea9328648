"""Says field by field how a record differs from its earlier version. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.records import Entity, FieldChange, Listing

ENTITY_FIELDS = ("kind", "name", "countries", "note")
LISTING_FIELDS = (
    *(
        "authority",
        "list",
        "programme",
        "legal_basis",
        "measures",
        "listed_on",
        "ended_on",
        "reason",
        "record_id",
        "url",
    ),
)

Differing = tuple[str, str, str, str]
"""The id of the listing (empty for the entity itself), the field, its value before and after."""


def entities(before: Entity, after: Entity) -> Iterator[Differing]:
    """How an entity differs: its fields, then its names and identifiers, each that came or went."""
    yield from _fields("", ENTITY_FIELDS, before, after)
    for field in ("names", "identifiers"):
        old, new = ([_text(one) for one in getattr(record, field)] for record in (before, after))
        yield from (("", field, one, "") for one in old if one not in new)
        yield from (("", field, "", one) for one in new if one not in old)


def listings(before: Listing, after: Listing) -> Iterator[Differing]:
    """How a listing differs in what its publisher says of it."""
    yield from _fields(after.id, LISTING_FIELDS, before, after)


def _fields(id: str, fields: tuple[str, ...], before: object, after: object) -> Iterator[Differing]:
    for field in fields:
        old, new = (_text(getattr(record, field)) for record in (before, after))
        if old != new:
            yield id, field, old, new


def _text(value: object) -> str:
    """A value as the log of changes has it: `kind: name`, `scheme: number`, several parted by "; "."""
    if isinstance(value, tuple):
        return "; ".join(value)
    parts = [getattr(value, name) for name in ("kind", "scheme", "value") if hasattr(value, name)]
    return ": ".join(parts) if parts else str(value)


def undone(act: Listing, changes: Iterable[FieldChange]) -> Listing:
    """A listing as it was before these changes of it, given newest first."""
    for one in changes:
        if one.listing_id == act.id and one.field in LISTING_FIELDS:
            value = tuple(filter(None, one.before.split("; "))) if one.field == "measures" else one.before
            act = replace(act, **{one.field: value})  # type: ignore[arg-type]
    return act
