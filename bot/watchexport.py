"""What is watched and what was told of it, sent to one person as files: each a CSV that spreadsheets read."""

import codecs
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot import outcomes, watchdesk, watchers, watching, watchsheet
from bot.config import EVERYONE
from bot.lookup import Knowledge
from bot.mail import Attachment, Outgoing, Place
from bot.monitoring import Alert, Watch, Watched
from bot.office import Office, letter
from bot.reply import Words
from bot.store import outbox, watches
from bot.watchdesk import Errand

PORTFOLIO = ("name", "id", "kind", "country", "status", "entity_id", "entity_name")
"""The columns of a portfolio: as it came in, and how each name stood when it was last looked at."""

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
    may = WRITE in office.slack(workspace).identity().scopes
    with office.database.reading() as session:
        wheres = watchers.whose("", one.here, (EVERYONE,))
        some = [watch for where in wheres for watch in watching.of(session, where)]
        known = office.desk.know(session, workspace)
        stamp = f"{now:%Y%m%d}-{one.item.number}"
        found = list(files(session, known, office.desk.words, some, stamp, now)) if may and some else []
    said = office.desk.words.message("watch_export", watches=some, files=tuple(file.name for file in found), may=may)
    direct = one.here if one.here.channel.startswith("D") else Place(workspace, one.here.user, one.here.user)
    first = letter(replace(direct, response_url=""), said, f"watch-export:{one.item.number}", {})

    def send(session: Session) -> Outgoing:
        for number, file in enumerate(found):
            key, text = f"{first.key}:{number}", {"text": file.name, "channel": first.channel}
            below = Outgoing(key, workspace, first.channel, text, parent=first.key, lane=first.key, attachment=file)
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
            yield _file(f"portfolio-{one.id}-{stamp}.csv", PORTFOLIO, _names(session, one))
    if told := _told(session, some):
        yield _file(f"alerts-{stamp}.csv", ALERTS, _alerts(session, told, {one.id: one for one in some}))


def _file(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Attachment:
    """Spreadsheets know it for UTF-8 by its mark."""
    text = io.StringIO(newline="")
    watchsheet.write(text, header, rows)
    return Attachment("sheet", name, name, codecs.BOM_UTF8 + text.getvalue().encode())


def _names(session: Session, watch: Watch) -> Iterator[list[str]]:
    for some in watches.each_watched(session, [watch.id], READ):
        for one in some:
            stood = outcomes.from_json(one.outcome) if one.outcome else None
            found = [stood.status, stood.entity_id, stood.name] if stood else ["", "", ""]
            yield [one.name, one.reference, one.schema, one.country, *found]


def _told(session: Session, some: Sequence[Watch]) -> list[Alert]:
    """The alerts that these watches gave, the newest first."""
    ids = {one.id for one in some}
    told = watches.alerts(session, some[0].workspace, None, MOST) if some else []
    return [one for one in told if one.watch_id in ids]


def _alerts(session: Session, told: Sequence[Alert], by_id: Mapping[str, Watch]) -> Iterator[list[str]]:
    subjects: dict[int, Watched] = {
        one.pk: one for one in watches.watched_by_pk(session, {one.watched_pk for one in told if one.watched_pk})
    }
    for one in told:
        subject = subjects.get(one.watched_pk or 0)
        status = [str(stood.get("status", "")) for stood in (one.before, one.after)]
        about = [one.watch_id, by_id[one.watch_id].label, subject.name if subject else ""]
        yield [one.at.isoformat().replace("+00:00", "Z"), *about, one.what, *status, one.receipt]
