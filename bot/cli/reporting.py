"""Watches and alerts as the verb `watch` tells of them: in a line each, and as JSON."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot import dates
from bot.cli import telling
from bot.monitoring import Alert, Watch
from bot.records import Dataset
from bot.store import outbox, watches
from bot.watchstatus import WatchStatus

MOST = 10_000
"""Alerts that are told of at the most, the newest."""


@dataclass(frozen=True, slots=True)
class Told:
    """An alert with its watch, the name that it is about with the reference that its owner gave it (empty: the watch as a whole),
    and what became of its message: `kept` where it was for whoever runs the bot, else its state in the outbox, and why."""

    alert: Alert
    watch: Watch
    name: str
    state: str
    why: str
    reference: str = ""

    @property
    def needs_attention(self) -> bool:
        """Whether its message was not delivered, or is not known to have been."""
        return self.state in ("failed", "unsettled")


def told_of(session: Session, workspace: str, since: datetime | None) -> list[Told]:
    """The alerts of a workspace that were made from a moment on, the oldest first."""
    alerts = watches.alerts(session, workspace, since, MOST)[::-1]
    by_id = {one.id: one for one in watches.ever(session, workspace)}
    pks = {one.watched_pk for one in alerts if one.watched_pk is not None}
    subjects = {one.pk: one for one in watches.watched_by_pk(session, pks)}
    endings = outbox.endings(session, (one.key for one in alerts))
    found = []
    for one in alerts:
        watch, subject = by_id[one.watch_id], subjects.get(one.watched_pk or 0)
        state, why = endings.get(one.key, ("", "")) if watch.place else ("kept", "")
        found.append(
            Told(one, watch, subject.name if subject else "", state, why, subject.reference if subject else "")
        )
    return found


def alert_in_words(one: Told) -> str:
    """An alert in a line: when and of which watch, whom it is about, how that stood and stands, by which entry or whose words,
    its receipt, and what became of its message."""
    alert, label = one.alert, one.name or one.watch.label
    whom = [one.name if one.name != one.watch.label else "", one.reference]
    about = f" ({', '.join(filter(None, whom))})" if any(whom) else ""
    sent = f"; {one.state}{f' ({one.why})' if one.why else ''}" if one.state else ""
    receipt = f"; receipt {alert.receipt}" if alert.receipt else ""
    said = telling.in_words(alert, label)
    return f"{alert.at:%Y-%m-%d %H:%MZ} {one.watch.id} {one.watch.label}{about}: {said}{receipt}{sent}"


def alert_in_json(one: Told) -> dict[str, Any]:
    """The same with all that is kept of it, but for the numbers of the entries that a version changed: counts tell of those."""
    alert = one.alert
    return {
        "workspace": alert.workspace,
        "watch": alert.watch_id,
        "label": one.watch.label,
        "channel": one.watch.channel,
        "user": one.watch.user,
        "name": one.name,
        "reference": one.reference,
        "entity": telling.entity(alert.after) or telling.entity(alert.before),
        "what": alert.what,
        "at": dates.moment(alert.at),
        "made_at": dates.moment(alert.made_at),
        "before": telling.kept(alert.before),
        "after": telling.kept(alert.after),
        "act": telling.act(alert),
        "by": telling.by(alert) or None,
        "receipt": alert.receipt,
        "key": alert.key,
        "state": one.state,
        "why": one.why,
    }


def watch_in_words(one: Watch, name: str = "") -> str:
    """A watch in a line; `name` is that of the entity that it is on, where that is known."""
    own = [each for each in (name if one.kind == "entity" else "", one.target) if each not in ("", one.label)]
    what = f"{one.label} ({', '.join(own)})" if own else one.label
    names = f", {one.size:,} {'name' if one.size == 1 else 'names'}" if one.kind == "portfolio" else ""
    whose = f" for {one.place}" if one.place else ""
    paused = f"; paused {one.paused_at:%Y-%m-%d}: {one.paused_why}" if one.paused_at else ""
    ended = f"; ended {one.ended_at:%Y-%m-%d} by {one.ended_by}" if one.ended_at else ""
    return f"{one.id} {one.kind} {what}{names}{whose}, since {one.set_at:%Y-%m-%d} by {one.set_by}{paused}{ended}"


def stands_in_words(one: WatchStatus) -> str:
    """A watch in a line, with how it stands: of a portfolio, as of when it was last looked at; of a list, in which version."""
    name = one.standing.entity.name if one.standing else ""
    if one.watch.kind == "list":
        loaded = "" if one.watch.ended_at else loaded_in_words(one.sets, one.absent)
        return f"{watch_in_words(one.watch)}{loaded}"
    beside = {"no_record": " (not a clearance)", "cannot_say": doubt(one.searched)}
    counts = [f"{count:,} {status}{beside.get(status, '')}" for status, count in one.counts.items()]
    stands = ", ".join(counts) or f"{one.status}{beside.get(one.status, '') if not one.standing else ''}"
    if name and one.watch.kind == "name":
        stands = f"{stands}: {name}, the nearest on record"
    return f"{watch_in_words(one.watch, name)}{f'; now {stands}' if stands and not one.watch.ended_at else ''}"


def stands_in_json(one: WatchStatus) -> dict[str, Any]:
    """The same with all that is kept of it."""
    entity = {"id": one.standing.entity.id, "name": one.standing.entity.name} if one.standing else None
    stands = {"status": one.status or None, "entity": entity, "statuses": dict(one.counts)}
    loaded = loaded_in_json(one.sets, one.absent) if one.watch.kind == "list" else {}
    return {**watch_in_json(one.watch), **stands, **loaded}


def doubt(searched: Iterable[Dataset]) -> str:
    """Behind "cannot_say": why it says nothing that nobody is found."""
    behind = ", ".join(f"{one.title} ({one.state})" for one in searched if one.counts and one.state != "fresh")
    return f": what should have been searched cannot be relied on{f': {behind}' if behind else ''}"


def loaded_in_words(sets: Iterable[Dataset], absent: Sequence[str]) -> str:
    """Behind a watch on lists: which versions of them are loaded, how these can be relied on, and what is not loaded."""
    state = {"fresh": "", "failed": ", failed", "stale": ", stale"}
    versions = "".join(f"; {one.list} {one.version}{state.get(one.state, '')}" for one in sets)
    called = [f"the {one}" if one.casefold().endswith(("list", "lists")) else one for one in absent]
    files = f"the official file{'s' if len(called) > 1 else ''} of {' and of '.join(called)}"
    return f"{versions}{f'; not loaded: {files}' if called else ''}"


def loaded_in_json(sets: Iterable[Dataset], absent: Sequence[str]) -> dict[str, Any]:
    """The same with all that is kept of it; `loaded`: whether nothing is missing."""
    some = [{"list": one.list, "version": one.version, "state": one.state} for one in sets]
    return {"loaded": not absent, "lists": some, "absent": list(absent)}


def watch_in_json(one: Watch) -> dict[str, Any]:
    """A watch with all that is kept of it; moments are UTC."""
    return {field.name: _plain(getattr(one, field.name)) for field in fields(one)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return dates.moment(value)
    return dict(value) if isinstance(value, Mapping) else value
