"""What `doctor` looks at: settings, database, records, receipts, the Slack token; and what to do about what it finds."""

from dataclasses import dataclass
from datetime import datetime

from bot import receipts
from bot.config import Settings
from bot.errors import Missing
from bot.store import datasets
from bot.store.database import Database

GOOD, ATTENTION, MISSING = 0, 1, 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: a code that the template words, a detail, and how bad it is: 0 good, 1 to be seen to, 3 missing."""

    code: str
    detail: str
    severity: int


def examine(settings: Settings, now: datetime) -> list[Finding]:
    """Looks at everything, whatever the first thing shows."""
    database = Database(settings.database_url)
    findings = [Finding("database", database.url.render_as_string(), GOOD), *_database(database, settings)]
    if not (settings.slack_bot_token and settings.slack_signing_secret):
        findings.append(Finding("no_slack", "", GOOD))
    return findings


def _database(database: Database, settings: Settings) -> list[Finding]:
    try:
        if not database.is_ready():
            return [Finding("not_set_up", "", MISSING)]
        with database.reading() as session:
            sets = datasets.current(session, settings.workspace)
            broken = list(receipts.breaks(session, settings.workspace))
    except Missing as error:
        return [Finding("no_database", str(error), MISSING)]
    finally:
        database.close()
    found = [
        Finding(
            f"dataset_{one.state}", f"{one.title} (version {one.version})", GOOD if one.state == "fresh" else ATTENTION
        )
        for one in sets
    ]
    if not sets:
        found.append(Finding("no_records", "", ATTENTION))
    chain = (
        Finding("receipts_broken", broken[0].id, ATTENTION) if broken else Finding("receipts", settings.workspace, GOOD)
    )
    return [*found, chain]
