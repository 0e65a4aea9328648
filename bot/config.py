"""Settings: read once from the environment and a `.env` file, checked, frozen. The only reader of os.environ."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values

from bot.errors import BadSetting

EVERYONE = "everyone"
"""Who may watch for a channel, where that is left to all."""

HERE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set from outside; README.md lists every name with its meaning."""

    database_url: str = f"sqlite:///{HERE / 'var' / 'flagpost.db'}"
    index_folder: Path = HERE / "var" / "index"
    list_folder: Path = HERE / "var" / "lists"
    list_mirrors: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    workspace: str = "local"
    slack_bot_tokens: tuple[str, ...] = field(default=(), repr=False)
    slack_signing_secret: str = field(default="", repr=False)
    slack_app_token: str = field(default="", repr=False)
    slack_api_url: str = "https://slack.com/api/"
    daily_zone: str = "UTC"
    required_lists: tuple[str, ...] = ()
    channel_watchers: tuple[str, ...] = (EVERYONE,)
    port: int = 3000


NAMES = {
    "DATABASE_URL": "database_url",
    "INDEX_FOLDER": "index_folder",
    "LIST_FOLDER": "list_folder",
    "LIST_MIRRORS": "list_mirrors",
    "WORKSPACE": "workspace",
    "SLACK_BOT_TOKEN": "slack_bot_tokens",
    "SLACK_SIGNING_SECRET": "slack_signing_secret",
    "SLACK_APP_TOKEN": "slack_app_token",
    "SLACK_API_URL": "slack_api_url",
    "REQUIRED_LISTS": "required_lists",
    "DAILY_ZONE": "daily_zone",
    "CHANNEL_WATCHERS": "channel_watchers",
    "PORT": "port",
}
"""Setting in the environment → field of Settings."""


def read() -> Settings:
    """The settings of this process: the environment first, then `.env` in the current folder.

    Raises BadSetting where a value cannot be used.
    """
    values = {**dotenv_values(".env"), **os.environ}
    given: dict[str, Any] = {}
    for name, wanted in NAMES.items():
        if value := (values.get(name) or "").strip():
            given[wanted] = CHECKS[wanted](name, value) if wanted in CHECKS else value
    return Settings(**given)


def _begins(start: str, what: str) -> Callable[[str, str], str]:
    def check(name: str, value: str) -> str:
        if not value.startswith(start):
            raise BadSetting(name, f"{what} begins with {start}")
        return value

    return check


def _tokens(name: str, value: str) -> tuple[str, ...]:
    """One for each workspace, parted by commas or spaces. What is wrong is not repeated."""
    found = tuple(value.replace(",", " ").split())
    for number, one in enumerate(found, 1):
        if not one.startswith("xoxb-"):
            raise BadSetting(name, "a bot token begins with xoxb-" + f"; not so number {number}" * (len(found) > 1))
    if len(set(found)) < len(found):
        raise BadSetting(name, "the same bot token stands there twice")
    return found


def _address(name: str, value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise BadSetting(name, "begins with https://")
    return value if value.endswith("/") else value + "/"


def _port(name: str, value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 0 < int(value) < 65536:
        raise BadSetting(name, "a port is a number from 1 to 65535")
    return int(value)


def _zone(name: str, value: str) -> str:
    try:
        return ZoneInfo(value).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadSetting(name, f"{value!r} is no IANA time zone like Europe/London") from None


def _database_url(name: str, url: str) -> str:
    """Heroku and others still write postgres://, which SQLAlchemy no longer knows; the driver is always psycopg 3."""
    for prefix in ("postgres://", "postgresql://", "postgresql+psycopg://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    if not url.startswith("sqlite:///"):
        raise BadSetting(name, "begins with sqlite:/// or postgresql://")
    return url


def _folder(name: str, value: str) -> Path:
    folder = Path(value).expanduser().absolute()
    if folder.exists() and not folder.is_dir():
        raise BadSetting(name, f"{value} is not a folder")
    return folder


def _names(name: str, value: str) -> tuple[str, ...]:
    found = tuple(value.replace(",", " ").split())
    if wrong := [one for one in found if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", one)]:
        raise BadSetting(name, f"{wrong[0]!r} is no name of a list like ofac or un")
    return found


def _watchers(name: str, value: str) -> tuple[str, ...]:
    """Who may watch for a channel: everyone, nobody, or people by their ids in Slack."""
    if value.casefold() in (EVERYONE, "nobody"):
        return (EVERYONE,) if value.casefold() == EVERYONE else ()
    found = tuple(re.split(r"[\s,]+", value.strip(" ,")))
    if wrong := [one for one in found if not re.fullmatch(r"[UW][A-Z0-9]{2,}", one)]:
        raise BadSetting(
            name, f"{wrong[0]!r} is neither everyone, nobody nor the id of a person in Slack like U02ABCDEF"
        )
    return found


def _mirrors(name: str, value: str) -> tuple[tuple[str, str], ...]:
    """Pairs of a list's name and where a mirror has its files, parted by spaces or commas."""
    pairs: dict[str, str] = {}
    for number, one in enumerate(re.split(r"[\s,]+", value.strip(" ,")), 1):
        form, _, address = one.partition("=")
        # What is wrong is not repeated: an address may hold a password.
        if not re.fullmatch(r"[a-z][a-z0-9_]*", form) or form in pairs:
            raise BadSetting(
                name, f"is written like ofac=https://mirror.example/ofac, once for each list; not so part {number}"
            )
        if not _is_address(address):
            raise BadSetting(name, f"the address for {form} begins with https:// or http:// and names a server")
        pairs[form] = address
    return tuple(pairs.items())


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


CHECKS: dict[str, Callable[[str, str], Any]] = {
    "database_url": _database_url,
    "index_folder": _folder,
    "list_folder": _folder,
    "list_mirrors": _mirrors,
    "slack_bot_tokens": _tokens,
    "slack_app_token": _begins("xapp-", "an app token"),
    "slack_api_url": _address,
    "daily_zone": _zone,
    "required_lists": _names,
    "channel_watchers": _watchers,
    "port": _port,
}
"""Field of Settings → what checks and reads its value: the setting's name and text in, the value out."""
