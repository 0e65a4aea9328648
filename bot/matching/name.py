"""What an analysed name is: words with kinds and weights, legal form, keys, initials."""

from typing import NamedTuple


class Word(NamedTuple):
    """One word of a name: in canonical Latin form, as written, its kind, its Han characters if it has any, other readings, and
    how much identity it carries (0–1)."""

    text: str
    written: str
    kind: str
    han: str = ""
    others: tuple[str, ...] = ()
    weight: float = 0.0


class Name(NamedTuple):
    """An analysed name: its words, the canonical legal forms that were taken out, and the words in which letters of another
    alphabet passed for Latin ones. `schema` is the kind of subject by whose rules it was read ("" for unknown); `tokens` are
    all that is written in it, legal form included."""

    text: str
    words: tuple[Word, ...]
    legal: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()
    schema: str = ""
    tokens: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The words without legal form and particles, in their order."""
        return " ".join(word.han or word.text for word in self.words if word.kind != "particle")

    @property
    def full(self) -> str:
        """The key, with the legal form."""
        return " ".join((self.key, *sorted(self.legal)))

    @property
    def joined(self) -> str:
        """All words in one."""
        return "".join(word.text for word in self.words)

    @property
    def is_han(self) -> bool:
        """Whether any of it is written in Han."""
        return any(word.han for word in self.words)

    @property
    def brand(self) -> tuple[Word, ...]:
        """The words that tell this name from others; none in a name made of place, sector and form."""
        return tuple(word for word in self.words if word.kind == "brand")
