"""Cleans a question of markup and cuts it into tokens that remember where they stood."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.errors import UserError
from bot.scripts import is_han

_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_MENTION = re.compile(r"<[@!][^>]*>")
_CHANNEL = re.compile(r"<#[^|>]*\|?([^>]*)>")
_LINK = re.compile(r"<((?:https?|mailto)[^|>]*)(?:\|([^>]*))?>|\b(https?://\S+)")
_EMOJI = re.compile(r"(?<![\w:]):[a-z0-9_+-]+:(?![\w:])")
_QUOTES = str.maketrans("“”„«»「」『』‘’‚＂", '"""""""""\'\'\'"')
_LETTER = r"(?:[^\W_]|[\u0900-\u0963\u0971-\u0e3a\u0e40-\u109f\u1780-\u17d3\u200c\u200d])"
"""A letter or digit, or a vowel sign of the scripts of South and South-East Asia, which belongs to the letter before it."""
_WORD = re.compile(
    rf"\d+(?:[-./]\d+)+|{_LETTER}+(?:['&.-](?={_LETTER}){_LETTER}+)*['’]?|[\"?!;,()/、，。；：？！]|\n", re.UNICODE
)
_HAN_JOINTS = "和与跟及或"
_SUFFIX = re.compile(r"['’](?:s|S)?$")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a question: its text, where it stands, and its role.

    Roles: `word` (may belong to a name), `frame` (the question's own words), `time`, `joint` (and, or), `break` (punctuation),
    `quote` (a quotation mark).
    """

    text: str
    start: int
    end: int
    role: str = "word"


def clean(asked: str, longest: int) -> str:
    """The question without markup, links, emoji codes and control characters, with straight quotation marks.

    Raises UserError where it is longer than `longest` characters.
    """
    if len(asked) > longest:
        raise UserError(
            f"The question has {len(asked):,} characters; {longest:,} is the most. Ask about a few names at a time."
        )
    plain = _ANSI.sub(" ", html.unescape(asked).encode("utf-8", "replace").decode("utf-8"))
    plain = _CHANNEL.sub(r"\1", _MENTION.sub(" ", plain))
    plain = _LINK.sub(_link_words, plain)
    plain = _EMOJI.sub(" ", plain).translate(_QUOTES)
    plain = re.sub(r"(?<!\w)[*_~`]+|[*_~`]+(?!\w)", " ", plain)
    plain = "".join(c if c.isprintable() or c == "\n" else " " for c in plain)
    return re.sub(r"[ \t]+", " ", plain).strip()


def _link_words(found: re.Match[str]) -> str:
    """What a link says: its label, or the name in its host."""
    url, label = found[1] or found[3], found[2] or ""
    if label and not re.match(r"(?:https?:|www\.)|\S+\.\w{2,}(?:/|$)", label):
        return label
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return " "
    parts = [part for part in host.removeprefix("www.").split(".")[:-1] if part not in ("co", "com", "org", "net")]
    return parts[-1] if parts else " "


def tokens(plain: str, taken: Sequence[tuple[int, int]]) -> list[Token]:
    """The tokens of a cleaned question; what lies in `taken` is about time."""
    found: list[Token] = []
    end = 0
    for start, stop in (*sorted(taken), (len(plain), len(plain))):
        for word in _WORD.finditer(plain, end, start):
            found += _pieces(word[0], word.start())
        if start < stop:
            found.append(Token(plain[start:stop], start, stop, "time"))
        end = stop
    return _close_quotes(found)


def _pieces(word: str, start: int) -> Iterator[Token]:
    if word == '"':
        yield Token(word, start, start + 1, "quote")
        return
    if not word[0].isalnum():
        yield Token(word, start, start + len(word), "break")
        return
    bare = _SUFFIX.sub("", word)
    begin = 0
    for place in range(1, len(bare) + 1):
        if place == len(bare) or _cut(bare, place):
            piece = bare[begin:place]
            yield Token(piece, start + begin, start + place, "joint" if piece in _HAN_JOINTS else "word")
            begin = place


def _cut(text: str, place: int) -> bool:
    """Han is cut from other scripts, and at its words for "and" and "or"."""
    before, after = text[place - 1], text[place]
    return is_han(before) != is_han(after) or before in _HAN_JOINTS or after in _HAN_JOINTS


def _close_quotes(found: list[Token]) -> list[Token]:
    """A quotation mark without its partner is only punctuation."""
    marks = [place for place, token in enumerate(found) if token.role == "quote"]
    if len(marks) % 2:
        last = found[marks[-1]]
        found[marks[-1]] = Token(last.text, last.start, last.end, "break")
    return found
