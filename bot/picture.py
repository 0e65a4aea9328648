"""Draws additions and removals per list over the last weeks, for the width of a phone."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from PIL import Image, ImageDraw, ImageFont

from bot.answers import Digest, ListWeeks
from bot.mail import Attachment
from bot.reply import Words

LISTS = 5
"""How many lists are drawn: those with the most changes."""

WIDTH = 800
"""Pixels across: twice a phone's, so that it is sharp there."""

MARGIN, GAP, BAR, TALLEST, LEAST = 32, 30, 58, 84, 5
"""The edge, the space between lists, a bar's width, and the heights of the tallest and of the lowest bar."""

BIG, NORMAL, SMALL = 33, 28, 23
"""Sizes of letters; at half of that they are read."""

DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
"""Those the font does not have."""

PAPER, INK, FAINT, LINE, NOW = "#ffffff", "#1d1c1d", "#616061", "#b9b9bd", "#f1f1f4"
ADDED, REMOVED, LOSS = "#0072b2", "#d55e00", "#a84300"
"""Blue and vermilion, which everybody can tell apart (Okabe and Ito); letters in vermilion are darker. Light even where Slack is
dark: the paper goes with it."""


@dataclass(frozen=True, slots=True)
class Captions:
    """The words of a picture."""

    title: str
    added: str
    removed: str
    weeks: tuple[str, ...]
    lists: tuple[str, ...]
    notes: tuple[str, ...]
    alt: str


def draw(words: Words, digest: Digest, name: str) -> Attachment | None:
    """The picture of a weekly edition, as PNG, with the same in words beside it; None where no list changed in all the weeks."""
    if not digest.trend:
        return None
    shown = digest.trend[:LISTS]
    said = captions(words, digest, shown)
    drawing = _Drawing(said, shown)
    data = io.BytesIO()
    drawing.image().save(data, "PNG", optimize=True)
    return Attachment("picture", name, said.title, data.getvalue(), said.alt)


def captions(words: Words, digest: Digest, shown: Sequence[ListWeeks]) -> Captions:
    """The words of the picture of a digest that shows these lists."""
    text: dict[str, list[str]] = {"title": [], "item": [], "para": [], "note": []}
    for part in words.parts("digest_picture", 1, shown=tuple(shown), trend=digest.trend, weeks=digest.weeks):
        text[part.kind].append("".join(run.text for run in part.runs))
    title, added, removed = text["title"]
    *weeks, alt = text["para"]
    lists = tuple(_drawable(called, one) for called, one in zip(text["item"], shown, strict=True))
    return Captions(title, added, removed, tuple(weeks), lists, tuple(text["note"]), alt)


def _drawable(called: str, one: ListWeeks) -> str:
    """What a list is called, as far as there are letters for it: else who keeps it, or the name it is loaded by."""
    known = (text.translate(DASHES) for text in (called, one.list, one.authority))
    return next(filter(_has_letters, known), one.dataset)


def _has_letters(text: str) -> bool:
    font = _font(SMALL)
    missing = bytes(font.getmask("\uffff"))
    return bool(text.strip()) and all(c.isspace() or bytes(font.getmask(c)) not in (missing, b"") for c in text)


def _font(size: int) -> ImageFont.FreeTypeFont:
    found = ImageFont.load_default(size)
    if not isinstance(found, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType")
    return found


@dataclass(frozen=True)
class _Drawing:
    """A picture in the making: each list as a row of its own, by its own scale."""

    said: Captions
    shown: Sequence[ListWeeks]

    def image(self) -> Image.Image:
        """The picture, as high as its lists need it."""
        bottom = self._top + sum(self._height(one) for one in self.shown)
        height = bottom + SMALL * 2 * (1 + len(self.said.notes)) + MARGIN
        image = Image.new("RGB", (WIDTH, height), PAPER)
        pen = ImageDraw.Draw(image)
        last = WIDTH - MARGIN - self._column
        pen.rectangle((last, self._top + NORMAL + 14, WIDTH - MARGIN, bottom + SMALL + 8), NOW)
        self._head(pen)
        top = self._top
        for label, one in zip(self.said.lists, self.shown, strict=True):
            self._list(pen, top, label, one)
            top += self._height(one)
        for middle, week in zip(self._middles(), self.said.weeks, strict=True):
            _centred(pen, middle, top, week, INK)
        top += SMALL * 2
        for note in self.said.notes:
            pen.text((MARGIN, top), _cut(note, SMALL), FAINT, _font(SMALL))
            top += SMALL * 2
        return image

    @cached_property
    def _top(self) -> int:
        return MARGIN + BIG * 2 + NORMAL * 2

    @property
    def _column(self) -> float:
        return (WIDTH - 2 * MARGIN) / len(self.said.weeks)

    def _head(self, pen: ImageDraw.ImageDraw) -> None:
        pen.text((MARGIN, MARGIN), _cut(self.said.title, BIG), INK, _font(BIG))
        left, top = float(MARGIN), MARGIN + BIG + 24
        for colour, word in ((ADDED, self.said.added), (REMOVED, self.said.removed)):
            pen.rectangle((left, top + 4, left + 24, top + 28), colour)
            pen.text((left + 36, top), word, INK, _font(NORMAL))
            left += 36 + _font(NORMAL).getlength(word) + 48

    def _height(self, one: ListWeeks) -> int:
        down = max(self._bars(one.removed, one)) + (SMALL + 8 if any(one.removed) else 0)
        return NORMAL + 22 + SMALL + 8 + max(self._bars(one.added, one)) + down + GAP

    def _bars(self, counts: Sequence[int], one: ListWeeks) -> list[int]:
        """How high each bar is; what is not nothing can be seen."""
        most = max(*one.added, *one.removed)
        return [max(LEAST, round(TALLEST * count / most)) if count else 0 for count in counts]

    def _list(self, pen: ImageDraw.ImageDraw, top: int, label: str, one: ListWeeks) -> None:
        """One list: its name, and the bars up and down from a line."""
        pen.text((MARGIN, top), _cut(label, NORMAL), INK, _font(NORMAL))
        ups, downs = self._bars(one.added, one), self._bars(one.removed, one)
        line = top + NORMAL + 22 + SMALL + 8 + max(ups)
        for middle, added, removed, up, down in zip(self._middles(), one.added, one.removed, ups, downs, strict=True):
            if added:
                pen.rectangle((middle - BAR / 2, line - up, middle + BAR / 2, line), ADDED)
            if removed:
                pen.rectangle((middle - BAR / 2, line, middle + BAR / 2, line + down), REMOVED)
                _centred(pen, middle, line + down + 4, f"-{removed:,}", LOSS)
            sign, colour = ("+", ADDED) if added else ("", FAINT)
            if added or not removed:
                _centred(pen, middle, line - up - SMALL - 8, f"{sign}{added:,}", colour)
        pen.line((MARGIN, line, WIDTH - MARGIN, line), LINE, 2)

    def _middles(self) -> Iterator[float]:
        return (MARGIN + self._column * (place + 0.5) for place in range(len(self.said.weeks)))


def _centred(pen: ImageDraw.ImageDraw, middle: float, top: float, text: str, colour: str) -> None:
    pen.text((middle, top), text, colour, _font(SMALL), anchor="ma")


def _cut(text: str, size: int) -> str:
    """A text that fits across the picture."""
    font, room = _font(size), WIDTH - 2 * MARGIN
    if font.getlength(text) <= room:
        return text
    while text and font.getlength(f"{text}…") > room:
        text = text[:-1]
    return f"{text.rstrip()}…"
