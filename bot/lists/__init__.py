"""One module per published format: files in, records out. Pure, but for the downloader."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from bot.lists import claims, eu, ofac, opensanctions, uk, un
from bot.lists.publications import Publication
from bot.records import Item

LISTS: dict[str, Callable[[Sequence[Path]], Iterable[Item]]] = {
    "ofac": ofac.read_sdn,
    "ofac_nonsdn": ofac.read_nonsdn,
    "un": un.read,
    "eu": eu.read,
    "uk": uk.read,
    "opensanctions": opensanctions.read,
    "claims": claims.read,
}
"""Name on the command line → `read(paths)`, which gives out what the files of one version hold, as they are read, and raises
BadFile."""

PUBLICATIONS: dict[str, Publication] = {
    one.name: one
    for one in (ofac.SDN, ofac.NONSDN, un.PUBLICATION, eu.PUBLICATION, uk.PUBLICATION, opensanctions.PUBLICATION)
}
"""Name on the command line → what is known of the list, for those that somebody publishes."""
