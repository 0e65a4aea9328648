"""What `doctor` looks at, and what to do about what it finds: settings, database, records, index, receipts, Slack's tokens and
scopes, messages that were not delivered."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import freshness, receipts
from bot.config import Settings
from bot.errors import Missing, Refused
from bot.indexing import Names
from bot.mail import Identity
from bot.matching import words
from bot.matching.analysis import Analyser
from bot.matching.shelf import folder_for
from bot.slack import MENDABLE, OPTIONAL, SCOPES, Slack, app_token_fault
from bot.store import inbox, moments, outbox, subscriptions, watches
from bot.store import receipts as kept
from bot.store.database import Database

GOOD, ATTENTION, MISSING = 0, 1, 3

RECENT = timedelta(days=7)
"""How long a message that could not be delivered is spoken of."""

PATIENCE = timedelta(hours=1)
"""For how long a watch is not looked at, though something became known, before it is spoken of."""

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: a code that the template words, a detail, and how bad it is: 0 good, 1 to be seen to, 3 missing."""

    code: str
    detail: str
    severity: int


def examine(settings: Settings, now: datetime) -> list[Finding]:
    """Looks at everything, whatever the first thing shows."""
    database = Database(settings.database_url)
    named = Finding("database", database.url.render_as_string(), GOOD)
    return [named, *_database(database, settings, now), *_slack(settings)]


def _database(database: Database, settings: Settings, now: datetime) -> list[Finding]:
    try:
        if not database.is_ready():
            return [Finding("not_set_up", "", MISSING)]
        with database.reading() as session:
            index = _index(session, database, settings)
            return [
                *_records(session, settings, now),
                index,
                *_receipts(session, settings),
                *_mail(session, now),
                *_paused(session),
                *_behind(session, now),
            ]
    except Missing as error:
        return [Finding("no_database", str(error), MISSING)]
    finally:
        database.close()


def _records(session: Session, settings: Settings, now: datetime) -> Iterator[Finding]:
    sets = freshness.coverage(session, settings.workspace, None, now.date(), settings.required_lists)
    for one in sets:
        severity = GOOD if one.state == "fresh" else ATTENTION
        yield Finding(f"dataset_{one.state}", f"{one.title} ({one.why or 'version ' + one.version})", severity)
    if not sets:
        yield Finding("no_records", "", ATTENTION)


def _index(session: Session, database: Database, settings: Settings) -> Finding:
    """Opens the index, or makes it where it is missing or damaged."""
    folder = folder_for(settings.index_folder, database.address)
    names = Names(Analyser(words.load()), folder)
    segments = names.current(session).segments
    files = len([one for one in segments if one in names.shelf.opened.values()])
    kept = f"{sum(one.size for one in segments):,} names, {files} files in {folder}"
    can_be_kept = os.access(next(one for one in (folder, *folder.parents) if one.exists()), os.W_OK)
    return Finding("index", kept, GOOD) if can_be_kept else Finding("index_folder", str(folder), ATTENTION)


def _receipts(session: Session, settings: Settings) -> Iterator[Finding]:
    for workspace in kept.workspaces(session) or [settings.workspace]:
        broken = next(receipts.breaks(session, workspace), None)
        yield Finding("receipts_broken", broken.id, ATTENTION) if broken else Finding("receipts", workspace, GOOD)


def _mail(session: Session, now: datetime) -> Iterator[Finding]:
    for one in outbox.stuck(session, now - RECENT, SHOWN):
        yield Finding(
            f"message_{one.state}", f"{one.at:%Y-%m-%d %H:%M} to {one.channel}, {one.why} ({one.key})", ATTENTION
        )
    if waiting := inbox.waiting(session):
        yield Finding("inbox_waiting", str(waiting), GOOD)


def _paused(session: Session) -> Iterator[Finding]:
    """The places that Slack does not let us post in: what is told there waits."""
    found: dict[tuple[str, str], tuple[datetime, str]] = {}
    for one in subscriptions.active(session):
        if one.paused_at:
            found[one.workspace, one.channel] = one.paused_at, one.paused_why
    for workspace in watches.workspaces(session):
        for watch in watches.active(session, workspace):
            if watch.paused_at:
                found[workspace, watch.place] = watch.paused_at, watch.paused_why
    for (workspace, place), (at, why) in sorted(found.items()):
        code = "paused_by_token" if why in MENDABLE else "paused"
        yield Finding(code, f"{place} of {workspace} since {at:%Y-%m-%d %H:%M}: {why.replace('_', ' ')}", ATTENTION)


def _behind(session: Session, now: datetime) -> Iterator[Finding]:
    """The watches that have not been looked at since they were set, or not as far as something became known."""
    until = now - PATIENCE
    for workspace in watches.workspaces(session):
        mine = [one for one in watches.active(session, workspace) if one.paused_at is None]
        oldest = min((one.seen_until for one in mine if one.seen_until), default=until)
        known = moments.between(session, workspace, oldest, until)
        late = [one for one in mine if (known and one.seen_until < known[-1] if one.seen_until else one.set_at < until)]
        for one in late[:SHOWN]:
            since = f"since {one.seen_until:%Y-%m-%d %H:%M}" if one.seen_until else "yet"
            yield Finding("watch_behind", f"{one.id} of {workspace} was not looked at {since}", ATTENTION)


def _slack(settings: Settings) -> Iterator[Finding]:
    if not settings.slack_bot_tokens:
        yield Finding("no_slack", "", GOOD)
        return
    yield from _tokens(settings)
    if not (settings.slack_signing_secret or settings.slack_app_token):
        yield Finding("no_way_in", "", ATTENTION)
    if settings.slack_app_token:
        fault = app_token_fault(settings.slack_app_token, settings.slack_api_url)
        yield Finding("app_token_refused", fault, MISSING) if fault else Finding("app_token", "", GOOD)


def _tokens(settings: Settings) -> Iterator[Finding]:
    seen: set[str] = set()
    for token in settings.slack_bot_tokens:
        try:
            who = Slack(token, settings.slack_api_url).identity()
        except Refused as error:
            yield Finding("slack_refuses", str(error), MISSING)
        except Missing as error:
            yield Finding("slack_away", str(error), MISSING)
        else:
            yield from _identity(who)
            if who.workspace in seen:
                yield Finding("slack_twice", f"{who.workspace_name} ({who.workspace})", MISSING)
            seen.add(who.workspace)


def _identity(who: Identity) -> Iterator[Finding]:
    yield Finding("slack", f"{who.workspace_name} ({who.workspace})", GOOD)
    missing = sorted(SCOPES - who.scopes)
    yield Finding("scopes_missing", ", ".join(missing), ATTENTION) if missing else Finding("scopes", "", GOOD)
    for scope in OPTIONAL:
        if scope not in who.scopes:
            yield Finding(f"without_{scope}", f"{who.workspace_name} ({who.workspace})", GOOD)
