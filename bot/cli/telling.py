"""What the row of an alert says, from what is kept of it: whom it is about, what differs, how much, and who says so."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.bearing import BORNE
from bot.monitoring import Alert

Json = Mapping[str, Any]

LAW = ("listed", "ended", "removed", "measures", "programme")
STANCES = {
    "named": ("alleges", "confirms"),
    "denied": ("denies",),
    "retracted": ("retracts", "alleges", "confirms", "reports"),
    "reported": ("reports",),
    "withdrawn": ("alleges", "confirms", "denies"),
}
"""What differs of reporting → the stances of claims that it is said of, the likeliest first."""

SHOWN = 3
"""How many of the entities are named that a name may be."""

ACT = ("authority", "list", "state", "since", "until", "measures", "programme", "dataset", "record_id")


def status(outcome: Json) -> str:
    """How somebody stood, with what is to be said beside it; empty where that is not kept."""
    said = str(outcome.get("status", ""))
    beside = [flag for flag in ("named", "contested") if outcome.get(flag) and flag != said]
    return f"{said} ({', '.join(beside)})" if beside else said


def entity(outcome: Json) -> dict[str, str] | None:
    """Who it is, by id and name; None where that is nobody, or one of several."""
    id = str(outcome.get("entity_id", ""))
    return {"id": id, "name": str(outcome.get("name", ""))} if id else None


def act(one: Alert) -> dict[str, Any] | None:
    """The entry of a list that an alert is about, as it stands, or stood where it is gone; None where it is about none."""
    if one.what in STANCES:
        return None
    old, new = one.before.get("law", ()), one.after.get("law", ())
    differing = [fact for fact in (*new, *old) if (fact in old) != (fact in new)]
    turned = [fact for fact in differing if _state(old, fact) != _state(new, fact)]
    # Of who is only matched now, the first entry says most.
    others = () if one.what in LAW else new
    fact = next(iter((*turned, *differing, *others)), None)
    return {name: fact[name] for name in ACT if name in fact} if fact else None


def _state(law: Sequence[Json], fact: Json) -> str:
    """How a subject stands on the list of an entry, by all its entries there."""
    states = {one["state"] for one in law if (one["authority"], one["list"]) == (fact["authority"], fact["list"])}
    return next((state for state in ("active", "ended", "unknown") if state in states), "")


def by(one: Alert) -> str:
    """Who said what an alert is about; empty where it is no reporting."""
    old, new = one.before.get("said", ()), one.after.get("said", ())
    differing = [claim for claim in (*new, *old) if (claim in old) != (claim in new)]
    for stance in STANCES.get(one.what, ()):
        if found := next((claim for claim in differing if claim["stance"] == stance), None):
            return str(found["by"])
    return ""


def kept(outcome: Json) -> dict[str, Any]:
    """What is kept of how it stood or of what a version brought, without the bare numbers of entries: counts tell of those."""
    return {name: value for name, value in outcome.items() if name != "records" or "status" in outcome}


def in_words(one: Alert, label: str) -> str:
    """What an alert said, in a few words; `label` is what its subject is called."""
    return "; ".join(_about_one(one, label) if status(one.after) else _about_many(one))


def _about_one(one: Alert, label: str) -> Iterator[str]:
    before, after = status(one.before), status(one.after)
    if one.what == "another":
        yield f"another, now {after}; the one before: {before}"
    else:
        yield f"{one.what}, {before or 'nothing known'} → {after}" if before != after else f"{one.what}, still {after}"
    yield from _whom(one, label)
    if fact := act(one):
        until = f" until {fact['until']}" if fact.get("until") else ""
        terms = f" ({', '.join(fact['measures'])})" if fact.get("measures") else ""
        number = f" {fact['record_id']}" if fact.get("record_id") else ""
        on = f"{fact['authority']}, {fact['list']}{terms}, since {fact['since']}{until}"
        yield f"{on}, by {fact['dataset']}{number}"
    if who := by(one):
        yield f"by {who}"


def _whom(one: Alert, label: str) -> Iterator[str]:
    """Who is meant now where that is not what the subject is called, and who was where that was somebody else."""
    was, now = entity(one.before), entity(one.after)
    if now and (now["name"] != label or (was and was["id"] != now["id"])):
        yield f"is {now['name']} ({now['id']}){_likeness(one.after)}"
    if was and (now is None or (now["id"] != was["id"] and was["id"] not in one.after.get("records", ()))):
        yield f"was {was['name']} ({was['id']}){_likeness(one.before)}"
    if some := one.after.get("candidates", ()):
        names = [str(each.get("name") if isinstance(each, Mapping) else each[1]) for each in some]
        more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
        yield f"may be {' · '.join(names[:SHOWN])}{more}"


def _likeness(outcome: Json) -> str:
    """How alike a name is to that of the entity, and by which codes, where it is not the very name."""
    alike = outcome.get("likeness")
    if not alike or alike["score"] >= BORNE:
        return ""
    return f", likeness {alike['score']:.2f} ({', '.join(why['code'] for why in alike['reasons'])})"


def _about_many(one: Alert) -> Iterator[str]:
    after = one.after
    counts = after.get("counts") or after.get("codes") or {}
    some = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    total = after.get("subjects") or after.get("total")
    size = f"{total:,} {'name' if total == 1 else 'names'}" if total else ""
    if "lists" in after:
        yield f"{one.what}, {', '.join(after['lists'])} {after.get('state', '')}".strip()
        if size:
            yield f"{size} rest on it, {after.get('listed', 0):,} listed, {after.get('nobody', 0):,} on no record"
    elif size:
        yield f"{one.what}, {size}{': ' if some else ''}{some}"
    else:
        begun = f"{after['begun']:,} loaded for the first time" if after.get("begun") else ""
        yield ", ".join(filter(None, (some, begun))) or one.what
    if sources := after.get("sources"):
        yield f"by {', '.join(sources)}"
