"""The doors on Slack's side: a file per thing a person does there. The first that fits gets it, so order matters."""

from handlers import ask, choose, daily, home, share, sources, watch

HANDLERS = (choose, sources, share, home, watch, daily, ask)
"""Each has `register(app, office)`. What it registers acknowledges, reads the payload, and calls one function of bot."""
