"""What is watched, what became of it, and what is told of that, as frozen dataclasses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

KINDS = ("entity", "name", "list", "topic", "portfolio")
"""What can be watched."""


@dataclass(frozen=True, slots=True)
class Watch:
    """One thing that a workspace watches, for a `channel`, for one person (`user`, in direct messages), or with neither for
    whoever runs the bot.

    `label` is what it is called, as it was asked for. `target` is the id of an entity, or the name or the topic; `narrowed` is
    what a watch on a list is narrowed to, as JSON of `bot.filters.Filters`. `size` is how many names a portfolio has.
    `seen_until` (UTC) is the moment up to which changes have been looked at; None: not even how it stood when it was set.
    """

    id: str
    workspace: str
    kind: str
    label: str
    set_by: str
    set_at: datetime
    channel: str = ""
    user: str = ""
    target: str = ""
    narrowed: Mapping[str, Any] = field(default_factory=dict)
    size: int = 0
    seen_until: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str = ""
    paused_at: datetime | None = None
    paused_why: str = ""

    @property
    def place(self) -> str:
        """Where its alerts go: a channel, a person, or nowhere."""
        return self.channel or self.user


@dataclass(frozen=True, slots=True)
class Watched:
    """One subject of a watch: its only one, or a row of a portfolio (`number` is its line in the file, with the `reference` that
    its owner gave it). `entity_id` is a record of the subject it is, once that is known; until then it is a name, of a `schema`
    and from a `country` where these were told. `outcome` is what was last known of it, as JSON; None: nothing yet."""

    pk: int
    watch_id: str
    number: int
    name: str
    reference: str = ""
    schema: str = ""
    country: str = ""
    entity_id: str = ""
    outcome: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert that was made: of which watch and which of its subjects (None: of the watch as a whole), what happened, at which
    moment it became known (UTC), how it stood before and after, as JSON, its receipt, and the key of its message."""

    workspace: str
    watch_id: str
    watched_pk: int | None
    what: str
    at: datetime
    made_at: datetime
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    receipt: str
    key: str
