"""Reads which kind of subject a column of a table speaks of: a FollowTheMoney schema or a plain word."""

from bot.errors import UserError
from bot.records import ENTITY_KINDS

ANY = ""
"""The kind that is not known: read by the rules of all."""

WORDS = {
    **{kind.casefold(): kind for kind in ENTITY_KINDS},
    **dict.fromkeys(("firm", "corporation", "business", "enterprise", "bank"), "Company"),
    **dict.fromkeys(("organisation", "org", "ngo", "university", "institute", "group"), "Organization"),
    **dict.fromkeys(("government", "agency", "ministry", "authority"), "PublicBody"),
    **dict.fromkeys(("individual", "naturalperson", "human", "man", "woman"), "Person"),
    **dict.fromkeys(("ship", "boat"), "Vessel"),
    **dict.fromkeys(("aircraft", "plane", "helicopter"), "Airplane"),
    **dict.fromkeys(("", "entity", "legalentity", "legalperson", "thing", "other", "unknown"), ANY),
    # Schemas of things that are listed now and then; they have no rules of their own.
    **dict.fromkeys(("asset", "vehicle", "security", "cryptowallet", "project"), ANY),
}
"""Word, without spaces and signs → kind."""


_ALIKE = (frozenset(("Company", "Organization", "PublicBody")),)
"""Kinds that publishers do not tell apart in one way."""


def alike(kind: str) -> tuple[str, ...]:
    """The kinds that a record may have of what is asked as this one, this one first; none for ANY."""
    others = next((some - {kind} for some in _ALIKE if kind in some), frozenset())
    return (kind, *sorted(others)) if kind else ()


def kind(word: str) -> str:
    """The schema that a word means, ANY where it leaves that open. Raises UserError for a word that is not known."""
    found = WORDS.get("".join(filter(str.isalnum, word)).casefold())
    if found is None:
        raise UserError(f"{word[:40]!r} is no kind of subject, like company, organization, person, vessel or aircraft")
    return found
