"""What is known of a published list, as data: who publishes it, where, how often, on which terms, and what it settles."""

from dataclasses import dataclass

STARTER = "starter"
"""The dataset of the records that ship with the program."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file of a list: its name, and where its publisher has it."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Publication:
    """A list as its publisher brings it out.

    `rhythm` is the usual number of days between two versions (0: there is none); `licence` says on which terms it may be used;
    `page` is where people read about it. `covers` are the (authority, list) pairs whose entries it states itself, an empty list
    standing for all of that authority's: copies of these in other files give way to it. `is_free` says whether `sync` fetches
    it without being told to by name; `is_dated`, whether its files state their date.
    """

    name: str
    title: str
    publisher: str
    page: str
    licence: str
    rhythm: int
    downloads: tuple[Download, ...] = ()
    covers: tuple[tuple[str, str], ...] = ()
    is_free: bool = True
    is_dated: bool = False
