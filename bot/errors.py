"""The errors, sorted by who is told.

FlagpostError
├── UserError        the asker: told as it stands; on the command line one line and exit status 2
│   ├── BadFile      a file breaks a rule of its format: file, line, reason
│   └── BadSetting   a setting has a wrong value: name, reason
└── Missing          whoever runs it: an outside thing is not there (database, Slack); exit status 3
    └── Refused      it is there and does not take what we show it, like a token

Everything else is a mistake of ours: logged with a reference id, and the asker hears only that id.
"""


class FlagpostError(Exception):
    """The root of what Flagpost raises on purpose."""


class UserError(FlagpostError):
    """Something the asker can mend; the message is one plain sentence that says how."""


class BadFile(UserError):
    """A file breaks a rule of its format."""

    def __init__(self, file: str, line: int, why: str) -> None:
        super().__init__(f"{file}, line {line}: {why}" if line else f"{file}: {why}")
        self.file, self.line, self.why = file, line, why


class BadSetting(UserError):
    """A setting has a wrong value."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"setting {name}: {why}")


class Missing(FlagpostError):
    """An outside thing is not there; the message says which and what to do."""


class Refused(Missing):
    """An outside thing does not take what we show it; trying again does not help."""
