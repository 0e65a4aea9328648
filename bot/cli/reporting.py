"""Watches and alerts as the verb `watch` tells of them: in a line each, and as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.monitoring import Alert, Watch
from bot.store import outbox, watches
from bot.watchlist import Watching

MOST = 10_000
"""Alerts that are told of at the most, the newest."""


@dataclass(frozen=True, slots=True)
class Told:
    """An alert with its watch, the name that it is about (empty: the watch as a whole), and what became of its message: `kept`
    where it was for whoever runs the bot, else its state in the outbox, and why."""

    alert: Alert
    watch: Watch
    name: str
    state: str
    why: str

    @property
    def needs_attention(self) -> bool:
        """Whether its message was not delivered, or is not known to have been."""
        return self.state in ("failed", "unsettled")


def told_of(session: Session, workspace: str, since: datetime | None) -> list[Told]:
    """The alerts of a workspace that were made from a moment on, the oldest first."""
    alerts = watches.alerts(session, workspace, since, MOST)[::-1]
    by_id = {one.id: one for one in watches.ever(session, workspace)}
    pks = {one.watched_pk for one in alerts if one.watched_pk is not None}
    names = {one.pk: one.name for one in watches.watched_by_pk(session, pks)}
    found = []
    for one in alerts:
        watch, name = by_id[one.watch_id], names.get(one.watched_pk or 0, "")
        state, why = outbox.ending(session, one.key) if watch.place else ("kept", "")
        found.append(Told(one, watch, name, state, why))
    return found


def alert_in_words(one: Told) -> str:
    """An alert in a line."""
    alert = one.alert
    name = f" ({one.name})" if one.name not in ("", one.watch.label) else ""
    before, after = _status(alert.before), _status(alert.after)
    change = f", {before or 'nothing known'} → {after}" if after and before != after else ""
    sent = f"; {one.state}{f' ({one.why})' if one.why else ''}" if one.state else ""
    receipt = f"; receipt {alert.receipt}" if alert.receipt else ""
    return f"{alert.at:%Y-%m-%d %H:%MZ} {one.watch.id} {one.watch.label}{name}: {alert.what}{change}{receipt}{sent}"


def _status(outcome: Mapping[str, Any]) -> str:
    return str(outcome.get("status", ""))


def alert_in_json(one: Told) -> dict[str, Any]:
    """An alert with all that is kept of it."""
    alert = one.alert
    return {
        "workspace": alert.workspace,
        "watch": alert.watch_id,
        "label": one.watch.label,
        "channel": one.watch.channel,
        "user": one.watch.user,
        "name": one.name,
        "what": alert.what,
        "at": _moment(alert.at),
        "made_at": _moment(alert.made_at),
        "before": dict(alert.before),
        "after": dict(alert.after),
        "receipt": alert.receipt,
        "key": alert.key,
        "state": one.state,
        "why": one.why,
    }


def watch_in_words(one: Watch) -> str:
    """A watch in a line."""
    what = one.label if one.target in ("", one.label) else f"{one.label} ({one.target})"
    names = f", {one.size:,} {'name' if one.size == 1 else 'names'}" if one.kind == "portfolio" else ""
    whose = f" for {one.place}" if one.place else ""
    paused = f"; paused {one.paused_at:%Y-%m-%d}: {one.paused_why}" if one.paused_at else ""
    ended = f"; ended {one.ended_at:%Y-%m-%d} by {one.ended_by}" if one.ended_at else ""
    return f"{one.id} {one.kind} {what}{names}{whose}, since {one.set_at:%Y-%m-%d} by {one.set_by}{paused}{ended}"


def stands_in_words(one: Watching) -> str:
    """A watch in a line, with how it stands: of a portfolio, as of when it was last looked at."""
    counts = ", ".join(f"{count:,} {status}" for status, count in one.counts.items())
    stands = counts or one.status
    return f"{watch_in_words(one.watch)}{f'; now {stands}' if stands and not one.watch.ended_at else ''}"


def stands_in_json(one: Watching) -> dict[str, Any]:
    """The same with all that is kept of it."""
    return {**watch_in_json(one.watch), "status": one.status or None, "statuses": dict(one.counts)}


def watch_in_json(one: Watch) -> dict[str, Any]:
    """A watch with all that is kept of it; moments are UTC."""
    return {field.name: _plain(getattr(one, field.name)) for field in fields(one)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return _moment(value)
    return dict(value) if isinstance(value, Mapping) else value


def _moment(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
