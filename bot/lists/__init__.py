"""One module per published format: files in, records out. Pure."""

from bot.lists import claims, opensanctions
from bot.lists.publications import Publication

LISTS = {"claims": claims.read, "opensanctions": opensanctions.read}
"""Name on the command line → `read(paths)`, which gives out what the files of one version hold and raises BadFile."""

PUBLICATIONS: dict[str, Publication] = {}
"""Name on the command line → what is known of the list, for those that somebody publishes."""
