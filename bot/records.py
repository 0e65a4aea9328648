"""The nouns everybody speaks of, as frozen dataclasses: what is stored, and what a file of records holds.

Text is kept as published. Dates are ISO text and may be partial (`2024`, `2024-04`, `2024-04-12`, a period also `2023-Q4`
or `2023-10/2023-12`); `bot.dates` reads them. Ids are `DATASET:ID`. Empty text means "not known".
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

PUBLIC = "public"
"""The workspace of records that every workspace of an installation may see."""

ENTITY_KINDS = ("Company", "Organization", "PublicBody", "Person", "Vessel", "Airplane")
"""FollowTheMoney schema names: https://followthemoney.tech/explorer/"""

NAME_KINDS = ("primary", "alias", "weak_alias", "former", "acronym")
STANCES = ("alleges", "confirms", "denies", "reports", "retracts")
MEASURES = (
    *("asset freeze", "export licence requirement", "export restriction", "securities restriction", "procurement ban"),
    *("equipment authorisation ban", "public identification", "export privileges denied", "no licence exceptions"),
    *("defence trade debarment", "nonproliferation measures", "transaction ban", "correspondent account restriction"),
    *("menu-based sanctions", "travel ban", "arms embargo", "transport restriction", "trade restriction"),
    "director disqualification",
)
IDENTIFIER_SCHEMES = (
    *("uscc", "lei", "isin", "imo", "inn", "ogrn", "ticker", "registration", "list_id"),
    *("tax", "passport", "national_id", "mmsi", "bic", "call_sign", "aircraft", "duns", "okpo", "kpp", "wallet"),
)
DESIGNATING = "asset freeze"
"""The one measure of which "designated" is said."""


@dataclass(frozen=True, slots=True)
class Name:
    """One name of an entity: the value as published, one of NAME_KINDS, and its script (`Latin`, `Han` …)."""

    value: str
    kind: str = "alias"
    script: str = ""


@dataclass(frozen=True, slots=True)
class IndexedName:
    """A name of an entity as the index wants it: `kind` is one of NAME_KINDS or `identifier`, `schema` the kind of its entity
    ("" for unknown); seen by `workspace`; known from the moment it was recorded (None: always) until it was taken back (None:
    it is known now). `row` is the version of the record it stands in, where somebody wants to know."""

    entity_id: str
    value: str
    kind: str
    known_from: datetime | None = None
    known_until: datetime | None = None
    schema: str = ""
    workspace: str = PUBLIC
    row: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """A transaction that changed records: its number (0: before the first), a token of its own, and the highest keys of names,
    identifiers and listings once it was done."""

    number: int = 0
    token: str = ""
    name_pk: int = 0
    identifier_pk: int = 0
    listing_pk: int = 0


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The scores (0–1) from which a stored name is shown as near, and from which it is the one that was meant."""

    show: float
    match: float


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a name was matched, or was not: a code that templates word, and its values."""

    code: str
    one: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number somebody gave out: one of IDENTIFIER_SCHEMES and the value."""

    scheme: str
    value: str


@dataclass(frozen=True, slots=True)
class Entity:
    """One real-world subject. `names` begins with the primary one."""

    id: str
    kind: str
    name: str
    names: tuple[Name, ...] = ()
    countries: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A published document."""

    id: str
    publisher: str
    title: str
    url: str
    published_on: str
    retrieved_on: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """The first utterance behind one or many sources."""

    id: str
    speaker: str
    occasion: str = ""
    uttered_on: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """An authority's act upon an entity.

    `listed_on` and `ended_on` are the list's own dates. `first_seen` and `last_absent` are the dates of the first version of
    the list with the entry and of the last one without it. With `last_seen`, the date of the last version with the entry,
    `ended_on` is that of the first version after it that lacks it. `read_on` is the date of the version it was read from.
    `url` leads to the entry at its publisher.
    """

    id: str
    entity_id: str
    authority: str
    list: str
    measures: tuple[str, ...]
    read_on: str
    source_ids: tuple[str, ...]
    programme: str = ""
    legal_basis: str = ""
    listed_on: str = ""
    ended_on: str = ""
    first_seen: str = ""
    last_absent: str = ""
    record_id: str = ""
    reason: str = ""
    last_seen: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement by somebody.

    `subject_ids` are the entities it is certainly about; `possible_ids` those of which one is meant when the source does not
    tell which, called `named_as` there. `answers` are the claims that it denies, confirms or retracts.
    """

    id: str
    stance: str
    category: str
    statement: str
    asserted_by: str
    origin_id: str
    source_ids: tuple[str, ...]
    subject_ids: tuple[str, ...] = ()
    possible_ids: tuple[str, ...] = ()
    named_as: str = ""
    hedge: str = ""
    stated_on: str = ""
    period: str = ""
    answers: tuple[str, ...] = ()
    supersedes: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dataset:
    """A loaded list or claims file: its version, when that was published (ISO date) and when it was fetched (UTC).

    `form` is the name of the format it came in, one of `bot.lists.LISTS`; `confirmed_at` is when its publisher was last seen to
    have nothing newer (UTC). `state` is `fresh`, `stale`, `failed` or `missing`; `failed_at` and `why` tell of a failure.
    `counts`: a negative rests on it.
    """

    list: str
    title: str
    publisher: str
    version: str
    published_on: str
    url: str = ""
    fetched_at: datetime | None = None
    loaded_at: datetime | None = None
    entities: int = 0
    names: int = 0
    claims: int = 0
    state: str = "fresh"
    form: str = ""
    confirmed_at: datetime | None = None
    failed_at: datetime | None = None
    why: str = ""
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record of a file that could not be taken: where it stands, and why."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Records:
    """What one version of one dataset holds, and what its files hold besides and could not be taken."""

    dataset: Dataset
    sources: tuple[Source, ...] = ()
    origins: tuple[Origin, ...] = ()
    entities: tuple[Entity, ...] = ()
    listings: tuple[Listing, ...] = ()
    claims: tuple[Claim, ...] = ()
    rejected: tuple[Rejected, ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    """A version of a list that files hold: its dataset and sources. Of a `delta` they hold only what differs from an earlier
    version, which stands otherwise. `lacks` names files of the version that were not given."""

    dataset: Dataset
    sources: tuple[Source, ...]
    delta: bool = False
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of a publisher: a subject and how it is listed, with the place it stands at. The ids begin with that of its
    dataset; `first_seen`, `last_absent`, `last_seen` and `read_on` of its listings are empty where they would be the dates of
    versions."""

    entity: Entity
    listings: tuple[Listing, ...]
    where: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The id of an entity or a listing that a delta takes off, and the place that says so."""

    id: str
    where: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What one version of a list (by the day it was published) changed in one record of its publisher: `what` is `added`,
    `changed` or `removed`; of what is changed there is one for each field, with its value before and after. `on` is the
    list's own date of it, else that of the version. A list's first version changes nothing."""

    list: str
    version: str
    on: str
    what: str
    entity_id: str
    name: str
    listing_id: str = ""
    field: str = ""
    before: str = ""
    after: str = ""


Item: TypeAlias = Records | Edition | Entry | Gone | Rejected
"""What a reader of files gives out, in order: a claims file whole; a list as its editions, each before its entries."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What loading a version changed, counted in records of the publisher."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0

    @property
    def is_any(self) -> bool:
        """Whether anything differs."""
        return bool(self.added or self.changed or self.removed)
