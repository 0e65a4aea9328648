"""What readers of lists build alike: the names and identifiers of a record, and the count of rows that could not be taken."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot import scripts
from bot.errors import BadFile
from bot.lists.files import clean
from bot.records import Identifier, Name, Rejected

MOST_BROKEN = 0.2
"""The share of broken records above which a file is taken for something else."""

_LABELS = tuple(
    (scheme, re.compile(pattern, re.IGNORECASE))
    for scheme, pattern in (
        ("uscc", r"unified social credit|\buscc\b|统一社会信用代码"),
        ("lei", r"legal entity (?:identifier|number)|\blei\b"),
        ("isin", r"\bisin\b"),
        ("imo", r"\bimo\b|vessel registration"),
        ("mmsi", r"\bmmsi\b|maritime mobile"),
        ("ogrn", r"\bogrn\b|\bpsrn\b|primary state registration|main state registration|ОГРН"),
        ("inn", r"\binn\b|ИНН"),
        ("okpo", r"\bokpo\b|government gazette|ОКПО"),
        ("kpp", r"\bkpp\b|КПП"),
        ("bic", r"\bswift\b|\bbic\b"),
        ("duns", r"d-?u-?n-?s"),
        ("wallet", r"digital currency|crypto|wallet"),
        ("call_sign", r"call ?sign"),
        ("aircraft", r"aircraft|airframe|tail number|manufacturer'?s serial"),
        ("ticker", r"ticker|stock (?:symbol|code)"),
        ("passport", r"passport"),
        ("tax", r"\btax\b|\bvat\b|fiscal|\btin\b|\bnit\b|\brfc\b|\bruc\b|\bcuit\b|\brif\b|taxpayer"),
        (
            "registration",
            r"registration|registry|registered|commercial|company (?:number|id)|business|enterprise|trade|licen[cs]e"
            r"|\bc\.?r\.? no|certificate of incorporation|folio mercantil|matricula|chamber|public register|\bfile number"
            r"|\breg\b",
        ),
        (
            "national_id",
            r"national (?:id|no|identif)|identity card|identification|citizen|cedula|\bssn\b|\bcurp\b|personal id"
            r"|social security|\bid\b|birth cert",
        ),
    )
)
"""Scheme ← words of the label that a publisher gives a number; the first that fits counts."""


def scheme(label: str, otherwise: str = "registration") -> str:
    """The identifier scheme that a publisher's label means: `Unified Social Credit Code (USCC)` → `uscc`."""
    return next((name for name, words in _LABELS if words.search(label)), otherwise)


def names(primary: str, others: Iterable[tuple[str, str]] = ()) -> tuple[Name, ...]:
    """The names of a record, its primary one first; `others` are (value, kind). A value stands once, as it is first given."""
    given = ((clean(value), kind) for value, kind in ((primary, "primary"), *others))
    found: dict[str, Name] = {}
    for value, kind in given:
        if value:
            found.setdefault(value, Name(value, kind, scripts.of_text(value)))
    return tuple(found.values())


def identifiers(given: Iterable[tuple[str, str]]) -> tuple[Identifier, ...]:
    """The numbers of a record, from (scheme, value); each once."""
    found = (Identifier(scheme, clean(value)) for scheme, value in given if clean(value))
    return tuple(dict.fromkeys(found))


@dataclass(slots=True)
class Tally:
    """Counts the records of one file, and those of them that are broken."""

    path: Path
    seen: int = 0
    broken: int = 0
    first: Rejected | None = None

    def reject(self, where: str, why: str) -> Rejected:
        """A broken record, to be given out."""
        one = Rejected(where, why)
        self.first, self.broken = self.first or one, self.broken + 1
        return one

    def finish(self) -> None:
        """Raises BadFile for a file without records, or one of which too many are broken."""
        if not self.seen:
            raise BadFile(str(self.path), 0, "has no records")
        if self.first and self.broken > self.seen * MOST_BROKEN:
            why = f"{self.broken} of {self.seen} records cannot be read, the first at {self.first.where}: {self.first.why}"
            raise BadFile(str(self.path), 0, why)
