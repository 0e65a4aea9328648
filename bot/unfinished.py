"""The file beside results that are not whole yet: what they rest on, so that whoever goes on mixes no days and no versions."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.errors import Missing, UserError

ENDING = ".run"

CHANGED = {
    "verb": "these are results of another verb",
    "input": "it is not of the results of the input as it is now",
    "workspace": "it was begun for another workspace",
    "matcher": "it was begun by another version of the matcher, whose scores are others",
    "data": "it was begun with other lists than this database had then",
}
"""Why results cannot be gone on with, by what differs from what they rest on; what else they rest on is taken from there."""


class Unfinished:
    """The file that tells what results rest on. It is there from before their first row until they are whole.

    `begun` is what it says, if they are gone on with (`resume`); None where they begin now. Raises UserError where there are
    results and it does not say.
    """

    def __init__(self, results: Path, *, resume: bool) -> None:
        self.results, self.path = results, results.with_name(results.name + ENDING)
        self.begun = self._read() if resume else None

    def _read(self) -> dict[str, Any] | None:
        if not self.path.is_file():
            if self.results.is_file() and self.results.stat().st_size:
                raise self._refused(
                    f"{self.path.name} is not there, so either nothing is left to do, or its day is not known"
                )
            return None
        try:
            found = json.loads(self.path.read_bytes())
        except (OSError, ValueError):
            found = None
        if not isinstance(found, dict):
            raise self.unreadable()
        return found

    def compare(self, now: Mapping[str, Any]) -> None:
        """Raises UserError where going on now would not give what was begun."""
        for what, why in CHANGED.items():
            if (self.begun or {}).get(what) != now.get(what):
                raise self._refused(why)

    def unreadable(self) -> UserError:
        """The error for a file that does not tell what it should."""
        return self._refused(f"{self.path.name} cannot be read")

    def _refused(self, why: str) -> UserError:
        return UserError(f"{self.results} cannot be gone on with: {why}; --force writes it anew")

    def keep(self, basis: Mapping[str, Any]) -> None:
        """Writes it, whole or not at all. Raises Missing where there is no room for it."""
        aside = self.path.with_name(self.path.name + ".new")
        try:
            with aside.open("w", encoding="utf-8") as file:
                json.dump(basis, file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(self.path)
        except OSError as error:
            raise Missing(f"{self.path} cannot be written: {error.strerror}") from None

    def remove(self) -> None:
        """Takes it away where it is there. Raises UserError where that is not allowed."""
        if self.path.exists():
            try:
                self.path.unlink()
            except OSError as error:
                raise UserError(f"{self.path} cannot be removed: {error.strerror}") from None
