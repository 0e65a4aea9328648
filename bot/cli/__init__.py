"""The verbs of the command line."""

VERBS = {
    "init": "loading",
    "ask": "asking",
    "chat": "asking",
    "serve": "running",
    "socket": "running",
    "work": "running",
    "digest": "posting",
    "load": "loading",
    "sync": "syncing",
    "coverage": "loading",
    "watch": "watching",
    "join": "joining",
    "separate": "joining",
    "screen": "screening",
    "compare": "screening",
    "thresholds": "tending",
    "doctor": "tending",
}
"""Verb → the module of this package whose function of that name declares it, in the order of `--help`."""
