"""Lists made up for tests of joining, loaded the way a load does."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot import intake, relating
from bot.matching.analysis import Analyser
from bot.records import PUBLIC, Dataset, Edition, Entity, Entry, Identifier, Item, Listing, Name, Source
from bot.store import joins
from bot.store.database import Database
from bot.taking import Terms
from tests.conftest import LOADED

USCC = "91420100MA4F0QE59C"
LATER = LOADED + timedelta(hours=1)


def entry(
    id: str,
    name: str,
    *others: str,
    act: tuple[str, str] | None = None,
    countries: str = "cn",
    listed_on: str = "",
    **numbers: str,
) -> Entry:
    """A record with a listing of its record id."""
    names = (Name(name, "primary"), *(Name(one, "alias") for one in others))
    held = tuple(Identifier(scheme, value) for scheme, value in numbers.items())
    dataset, _, record_id = id.partition(":")
    listing = Listing(
        *(id, id, *(act or (dataset.upper(), "List")), ("asset freeze",), "", (f"{dataset}:file",)),
        listed_on=listed_on,
        record_id=record_id,
    )
    return Entry(Entity(id, "Company", name, names, tuple(countries.split()), held), (listing,), id)


def items(version: str, *entries: Entry, named: str = "") -> Iterator[Item]:
    """A version of the list that the entries are of, by their ids."""
    dataset = named or entries[0].entity.id.partition(":")[0]
    source = Source(f"{dataset}:file", f"Publisher of {dataset}", "The list", f"https://example.org/{dataset}", version)
    yield Edition(Dataset(dataset, dataset, "P", version, version, ""), (source,))
    yield from entries


class Lists:
    """Loads lists into a database, each an hour after the one before."""

    def __init__(self, database: Database, analyser: Analyser) -> None:
        self.database, self.analyser, self.now = database, analyser, LATER

    def load(self, version: str, *entries: Entry, workspace: str = PUBLIC, form: str = "ofac") -> datetime:
        self.now += timedelta(hours=1)
        with self.database.writing() as session:
            terms = Terms(form, workspace, self.now, force=True)
            intake.take(session, items(version, *entries), terms)
            relating.relate(session, self.analyser, self.now)
        return self.now

    def decide(self, kind: str, one: str, other: str, workspace: str = PUBLIC, *, undo: bool = False) -> datetime:
        self.now += timedelta(hours=1)
        act = relating.undo if undo else relating.decide
        with self.database.writing() as session:
            act(session, self.analyser, kind, one, other, "the registry says so", "ann", workspace, self.now)
        return self.now

    def together(self, id: str, workspace: str = "local", known_at: datetime | None = None) -> list[str]:
        with self.database.reading() as session:
            return joins.subjects(session, [id], workspace, known_at).together(id)
