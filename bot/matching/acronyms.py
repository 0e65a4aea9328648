"""The initials that a name may be called by."""

from collections.abc import Iterator, Sequence

from bot.matching.name import Name
from bot.matching.spelling import latin

LETTERS = range(3, 11)
"""How many letters initials have."""

_SMALL = frozenset(("of", "the", "and", "for", "in", "on", "de", "la", "del", "y", "e", "et", "und", "i", "im"))
"""Words whose letters are mostly left out."""


LIKELIHOOD = {3: 0.4, 4: 0.6, 5: 0.7}
"""How likely initials that no record states are meant, by their number; six and more, or three behind a first word: MOST."""

MOST = 0.8

LOOSE = 0.04
"""What is taken off for initials that leave out a place, or take in a legal form."""

_TAIL = frozenset(("company", "corporation", "establishment", "enterprise", "enterprises", "center", "centre"))
"""First words of legal forms whose letter is mostly among the initials."""


def may_be(asked: Name) -> bool:
    """Whether what is asked may be initials, or a place or first word with initials behind it."""
    return len(asked.tokens) in (1, 2) and len(asked.tokens[-1]) in LETTERS and asked.tokens[-1].isalnum()


def likelihood(asked: Name, stored: Name) -> float:
    """How likely what is asked is the initials of a stored name (0–1), of which the tokens must be known."""
    looseness = of_name(stored).get(" ".join(asked.tokens))
    if looseness is None:
        return 0.0
    most = MOST if len(asked.tokens) > 1 else LIKELIHOOD.get(len(asked.tokens[0]), MOST)
    return round(most - LOOSE * looseness, 3)


def of_name(name: Name) -> dict[str, int]:
    """Initials, with how loose they are (0–2): of all words, with and without small ones, places, and the legal form or the
    last word of it; and those of what stands behind the first word, with that in front ("Dalian MTG"). None of a person."""
    found: dict[str, int] = {}
    if name.schema == "Person":
        return found
    if name.is_han:
        return _of_meanings(name)
    places = {word.written for word in name.words if word.kind == "place"}
    first = [(token, letters[:1]) for token in name.tokens if (letters := latin(token))]
    for looseness, tokens in _cuts(name, first):
        weighty = [one for one in tokens if one[0] not in _SMALL]
        _note(found, weighty, looseness)
        if len(weighty) != len(tokens):
            _note(found, tokens, looseness)
        if places:
            _note(found, [one for one in weighty if one[0] not in places], looseness + 1)
    return found


def _of_meanings(name: Name) -> dict[str, int]:
    """The initials of what the words of a name in Han mean: 大连机床集团 is the DMTG."""
    letters = "".join(word.text[:1] for word in name.words if word.kind != "particle")
    with_group = letters + "g" if any("集团" in token for token in name.tokens) else letters
    return {found: 1 for found in (letters, with_group) if len(found) in LETTERS}


Token = tuple[str, str]
"""A word as written, and its first letter."""


def _cuts(name: Name, tokens: Sequence[Token]) -> Iterator[tuple[int, Sequence[Token]]]:
    """The words without legal form, with more and more of it behind them, and all that is written; how loose each is."""
    inner = {part for word in name.words for part in word.written.split()}
    places = [place for place, (token, _) in enumerate(tokens) if token in inner]
    if places:
        first, last = places[0], places[-1] + 1
        yield 0, tokens[first:last]
        for end in range(last + 1, len(tokens) + 1):
            yield int(end > last + 1 or tokens[last][0] not in _TAIL), tokens[first:end]
        if first:
            yield 1, tokens


def _note(found: dict[str, int], tokens: Sequence[Token], looseness: int) -> None:
    letters = "".join(letter for _, letter in tokens)
    if len(letters) in LETTERS:
        found.setdefault(letters, looseness)
    if len(letters) - 1 in LETTERS:
        found.setdefault(f"{tokens[0][0]} {letters[1:]}", looseness)
