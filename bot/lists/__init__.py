"""One module per published format: files in, records out. Pure, but for the downloader."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from bot.lists import claims, csl, eu, ofac, opensanctions, own, uk, un
from bot.lists.publications import Publication
from bot.records import Item

LISTS: dict[str, Callable[[Sequence[Path]], Iterable[Item]]] = {
    "ofac": ofac.read_sdn,
    "ofac_nonsdn": ofac.read_nonsdn,
    "eu": eu.read,
    "uk": uk.read,
    "un": un.read,
    "own": own.read,
    "csl": csl.read,
    "opensanctions": opensanctions.read,
    "claims": claims.read,
}
"""Name on the command line → `read(paths)`, which gives out what the files of one version hold, as they are read, and raises
BadFile."""

_ALL = (
    *(ofac.SDN, ofac.NONSDN, eu.PUBLICATION, uk.PUBLICATION, un.PUBLICATION),
    *(own.PUBLICATION, csl.PUBLICATION, opensanctions.PUBLICATION),
)

PUBLICATIONS: dict[str, Publication] = {one.name: one for one in _ALL}
"""Name on the command line → what is known of the list, for those that somebody publishes."""

OFFICIAL = PUBLICATIONS.keys() - {own.NAME}
"""Those that are official lists, or copies of such."""
