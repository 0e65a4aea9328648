"""What is watched and what was told of it, sent to one person as files: each a CSV that spreadsheets read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot import dates, outcomes, ownership, sheets, watchdesk, watching, watchsheet
from bot.config import EVERYONE
from bot.lookup import Knowledge
from bot.mail import Attachment, Outgoing, Place
from bot.monitoring import Alert, Watch, Watched
from bot.office import Office, letter
from bot.records import PUBLIC
from bot.reply import Message, Words
from bot.store import outbox, watches
from bot.watchdesk import Errand

PORTFOLIO = (*watchsheet.GIVEN, "seen_until", "last_status", "last_entity_id", "last_entity_name")
"""The columns of a portfolio: as it came in, and how each name stood by what was known when it was last looked at."""

ALERTS = ("at", "watch", "label", "name", "what", "status_before", "status_after", "receipt")

MOST = 10_000
"""Alerts at the most, the newest."""

READ = 5_000
"""Names that are read at a time."""

WRITE = "files:write"
"""What we must be allowed for sending files."""


def export(office: Office, one: Errand) -> None:
    """Sends the asker alone what is watched there and by them, as files; says how else it can be had where we may not."""
    workspace, now = one.here.workspace, office.now()
    sees = PUBLIC if one.here.outsiders else workspace
    may = WRITE in office.slack(workspace).identity().scopes
    with office.database.reading() as session:
        wheres = ownership.whose("", one.here, (EVERYONE,), is_overheard=one.is_overheard)
        some = [watch for where in wheres for watch in watching.of(session, where)]
        known = office.desk.know(session, sees)
        stamp = f"{now:%Y%m%d}-{one.item.number}"
        found = list(files(session, known, office.desk.words, some, stamp, now)) if may and some else []
    said = office.desk.words.message("watch_export", watches=some, files=tuple(file.name for file in found), may=may)
    direct = one.here if one.here.channel.startswith("D") else Place(workspace, one.here.user, one.here.user)
    first = letter(replace(direct, response_url=""), said, f"watch-export:{one.item.number}", {})

    def send(session: Session) -> Outgoing:
        for number, file in enumerate(found):
            key, payload = f"{first.key}:{number}", Message(file.name, []).payload() | {"channel": first.channel}
            below = Outgoing(key, workspace, first.channel, payload, parent=first.key, lane=first.key, attachment=file)
            outbox.reserve(session, below, now)
        return first if found else one.quietly(said)

    watchdesk.do(office, one, send)


def files(
    session: Session, knowledge: Knowledge, words: Words, some: Sequence[Watch], stamp: str, now: datetime
) -> Iterator[Attachment]:
    """A file of these watches, one of each portfolio among them, and one of the alerts that they gave, if any. `stamp` is in the
    name of each."""
    rows = watchsheet.all_watches(session, knowledge, words, some, now)
    yield _file(f"watches-{stamp}.csv", watchsheet.WATCHES, rows)
    for one in some:
        if one.kind == "portfolio":
            yield _file(f"portfolio-{one.id}-{stamp}.csv", PORTFOLIO, _names(session, one, knowledge.workspace))
    if told := _told(session, some):
        yield _file(f"alerts-{stamp}.csv", ALERTS, _alerts(session, told, {one.id: one for one in some}))


def _file(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Attachment:
    return Attachment("sheet", name, name, sheets.table(header, rows))


def _names(session: Session, watch: Watch, sees: str) -> Iterator[list[str]]:
    """How a name stood is left empty for who sees only what everybody may, where it was looked at with other eyes."""
    until = dates.moment(watch.seen_until) if watch.seen_until else ""
    for some in watches.each_watched(session, [watch.id], READ):
        for one in some:
            made = one.outcome or {}
            is_told = bool(made) and (sees != PUBLIC or made.get("seen_as") == PUBLIC)
            stood = outcomes.from_json(made) if is_told else None
            found = [until, stood.status, stood.entity_id, stood.name] if stood else [""] * 4
            yield [one.name, one.reference, one.schema, one.country, *found]


def _told(session: Session, some: Sequence[Watch]) -> list[Alert]:
    """The alerts that these watches gave, the newest first."""
    return watches.alerts(session, some[0].workspace, None, MOST, [one.id for one in some]) if some else []


def _alerts(session: Session, told: Sequence[Alert], by_id: Mapping[str, Watch]) -> Iterator[list[str]]:
    subjects: dict[int, Watched] = {
        one.pk: one for one in watches.watched_by_pk(session, {one.watched_pk for one in told if one.watched_pk})
    }
    for one in told:
        subject = subjects.get(one.watched_pk or 0)
        status = [str(stood.get("status", "")) for stood in (one.before, one.after)]
        about = [one.watch_id, by_id[one.watch_id].label, subject.name if subject else ""]
        yield [dates.moment(one.at), *about, one.what, *status, one.receipt]
