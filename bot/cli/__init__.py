"""The verbs of the command line, a module for each kind; the order is that of `--help`."""

from bot.cli import asking, loading, posting, running, tending

VERBS = (
    loading.init,
    asking.ask,
    asking.chat,
    running.serve,
    running.socket,
    running.work,
    posting.digest,
    loading.load,
    loading.coverage,
    tending.doctor,
)
"""Each adds one verb to the parser that it is given."""
