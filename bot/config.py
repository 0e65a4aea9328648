"""Settings: read once from the environment and a `.env` file, checked, frozen. The only reader of os.environ."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from dotenv import dotenv_values

from bot.errors import BadSetting

HERE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set from outside; README.md lists every name with its meaning."""

    database_url: str = f"sqlite:///{HERE / 'var' / 'flagpost.db'}"
    workspace: str = "local"
    slack_bot_token: str = field(default="", repr=False)
    slack_signing_secret: str = field(default="", repr=False)


NAMES = {
    "DATABASE_URL": "database_url",
    "WORKSPACE": "workspace",
    "SLACK_BOT_TOKEN": "slack_bot_token",
    "SLACK_SIGNING_SECRET": "slack_signing_secret",
}
"""Setting in the environment → field of Settings."""


def read() -> Settings:
    """The settings of this process: the environment first, then `.env` in the current folder.

    Raises BadSetting where a value cannot be used.
    """
    values = {**dotenv_values(".env"), **os.environ}
    given = {field: value.strip() for name, field in NAMES.items() if (value := values.get(name) or "").strip()}
    if "database_url" in given:
        given["database_url"] = _database_url(given["database_url"])
    if not given.get("slack_bot_token", "xoxb-").startswith("xoxb-"):
        raise BadSetting("SLACK_BOT_TOKEN", "a bot token begins with xoxb-")
    return Settings(**given)


def _database_url(url: str) -> str:
    """Heroku and others still write postgres://, which SQLAlchemy no longer knows; the driver is always psycopg 3."""
    for prefix in ("postgres://", "postgresql://", "postgresql+psycopg://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    if not url.startswith("sqlite:///"):
        raise BadSetting("DATABASE_URL", "begins with sqlite:/// or postgresql://")
    return url
