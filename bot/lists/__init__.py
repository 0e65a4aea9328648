"""One module per published format: files in, records out. Pure."""

from bot.lists import claims, opensanctions

LISTS = {"claims": claims.read, "opensanctions": opensanctions.read}
"""Name on the command line → `read(paths)`, which gives one Records a dataset and raises BadFile."""
