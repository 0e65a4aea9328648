"""The objects of a FollowTheMoney file, one on each line: https://www.opensanctions.org/docs/entities/

A delta has them in envelopes: https://www.opensanctions.org/faq/80/bulk-deltas/
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from bot.errors import BadFile
from bot.lists import files
from bot.lists.files import clean
from bot.lists.opensanctions_datasets import MOST_LISTS
from bot.lists.opensanctions_ids import KINDS, day, wrong_id
from bot.lists.spool import Spool

PARTS = {
    "Sanction": "entity",
    "Identification": "holder",
    "Passport": "holder",
    "Security": "issuer",
    "CryptoWallet": "holder",
}
"""Schema of what is said of a subject in an object of its own → the property that names the subject."""

ADDRESS = "Address"


class Object(msgspec.Struct, omit_defaults=True):
    """An object, or what a delta says of one: `op` is `ADD`, `MOD` or `DEL` there, and `entity` the object."""

    id: str = ""
    schema: str = ""
    caption: str = ""
    properties: dict[str, list[str]] = {}
    datasets: list[str] = []
    referents: list[str] = []
    first_seen: str | None = None
    last_change: str | None = None
    target: bool = False
    op: str = ""
    entity: "Object | None" = None
    where: str = ""

    def values(self, *names: str) -> list[str]:
        """The distinct values of some properties, on one line each. Files have those of a property in an order that differs
        from one version to the next, so they are sorted."""
        given = (sorted(self.properties.get(name, ())) for name in names)
        return list(dict.fromkeys(one for some in given for value in some if (one := clean(value))))

    @property
    def owners(self) -> list[str]:
        """The subjects that a part belongs to."""
        return self.values(PARTS[self.schema]) if self.schema in PARTS else []


_DECODER = msgspec.json.Decoder(Object)


def read(path: Path) -> Iterator[tuple[Object, str]]:
    """The objects of a file, each with the place it stands at (of a delta with its `op`), and what is wrong with it (empty: it
    can be read). Raises BadFile for a file that does not begin with an object, or ends within one."""
    line, why = 0, ""
    for line, text in files.byte_lines(path):
        if not text.strip():
            continue
        one, why = _decoded(text.removeprefix(b"\xef\xbb\xbf"))
        if line == 1 and why:
            raise BadFile(str(path), 1, f"is no object of FollowTheMoney: {why}")
        one.where = f"{path.name}, line {line}" + (f" ({one.id[:120]})" if one.id else "")
        yield one, why or wrong_id(one.id)
    if why:
        raise BadFile(str(path), line, f"ends within an object: it is not whole ({why})")


def _decoded(text: bytes) -> tuple[Object, str]:
    try:
        found = _DECODER.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return Object(), str(error)
    if not found.op:
        return found, ""
    if found.op not in ("ADD", "MOD", "DEL") or found.entity is None:
        return found, f"op: {found.op[:20]!r} is none of ADD, MOD, DEL" if found.entity else "has no entity"
    found.entity.op = found.op
    return found.entity, ""


@dataclass(slots=True)
class Survey:
    """What was learnt of files when they were gone through: the parts of subjects, by subject, and addresses by id; how many
    parts there are; the day of the newest change; whether they are a delta, and the datasets that it names."""

    spool: Spool
    kept: int = 0
    newest: str = ""
    ops: Counter[bool] = field(default_factory=Counter)
    datasets: dict[str, None] = field(default_factory=dict)

    @property
    def is_delta(self) -> bool:
        """Whether the files hold what differs from an earlier version."""
        return self.ops[True] > 0

    def go_through(self, path: Path) -> None:
        """Learns what a file holds. Raises BadFile."""
        self.spool.keep(self._parts(path))
        if self.ops[True] and self.ops[False]:
            raise BadFile(
                str(path), 0, "is a delta, or lies beside one: a delta is loaded by itself, after its version"
            )

    def _parts(self, path: Path) -> Iterator[tuple[str, Any]]:
        for one, why in read(path):
            if why:
                continue
            self.ops[bool(one.op)] += 1
            self.newest = max(self.newest, day(one.last_change or ""))
            if one.op and len(self.datasets) <= MOST_LISTS:
                self.datasets |= dict.fromkeys(one.datasets if one.schema in (*KINDS, *PARTS) else ())
            for key in [one.id] if one.schema == ADDRESS else one.owners:
                self.kept += one.schema != ADDRESS
                yield key, one

    def of(self, id: str) -> list[Object]:
        """The parts of a subject, or the address with that id."""
        return [msgspec.convert(value, Object) for value in self.spool.of(id)]
