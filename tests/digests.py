"""News made up for tests of summaries, and how their words are read again."""

import csv
import io
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot import bulletin
from bot.answers import ClaimFact, Digest, Event, ListingFact
from bot.bulletin import Bulletin
from bot.records import Claim, Dataset, Entity, Listing, Origin, Source
from bot.reply import Words

UNTIL = datetime(2026, 11, 24, 9, tzinfo=UTC)
DAY = UNTIL.date()
OFAC = Source("ofac:file", "OFAC", "SDN", "https://example.org/sdn", "2026-11-24")
PAPER = Source("paper", "Daily Example", "Firms named", "https://example.org/a", "2026-11-23")


def act(number: int, what: str = "listed", name: str = "", **terms: Any) -> Event:
    """An event of a listing of its own entity."""
    id = f"ofac:{number}"
    known: dict[str, Any] = {
        "authority": "OFAC",
        "list": "Specially Designated Nationals",
        "measures": ("asset freeze",),
    }
    one = Listing(id, id, **(known | terms), read_on="2026-11-24", source_ids=("ofac:file",), listed_on="2026-11-23")
    entity = Entity(id, "Company", name or f"Example Works {number} Ltd", countries=("cn",))
    return Event("2026-11-23", what, (entity,), ListingFact(one, "active", "2026-11-23", True, (OFAC,)))


def claim(number: int, name: str = "Acme", statement: str = "sells lenses", by: str = "A ministry") -> Event:
    """An event of an allegation that nobody denied."""
    said = Claim(f"c{number}", "alleges", "optics", statement, by, "o", ("paper",), (f"e{number}",))
    fact = ClaimFact(said, "2026-11-23", "uncontested", Origin("o", by), (PAPER,))
    return Event("2026-11-23", "named", (Entity(f"e{number}", "Company", name),), claim=fact)


def digest(*events: Event, days: int = 1, **values: Any) -> Digest:
    """What became known in some days."""
    coverage = (Dataset("ofac", "OFAC SDN list", "OFAC", "1", "2026-11-24", form="ofac"),)
    known = {"coverage": coverage, "counts": Counter(one.what for one in events)}
    return Digest(UNTIL - timedelta(days=days), UNTIL, events=events, **(known | values))


def composed(words: Words, one: Digest, day: date = DAY, **values: Any) -> Bulletin:
    return bulletin.compose(words, one, day, "Europe/London", "RECEIPT", **values)


def rows(one: Bulletin) -> list[dict[str, str]]:
    """The table of a summary."""
    assert one.sheet
    return list(csv.DictReader(io.StringIO(one.sheet.data.decode("utf-8-sig"))))


def texts(some: Iterable[Any]) -> str:
    return "\n".join(one.text for one in some)
