"""Fills a message with parts as far as Slack's limits allow. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot import limits, reply
from bot.reply import Message, Part

SPARE = 40
"""Characters that are left free: for numbers that grow."""

ROOMY = 1500
"""How many characters make room for the most serious of what is told."""


@dataclass(slots=True)
class Frame:
    """What stands above and below whatever a page holds."""

    head: list[Part]
    foot: list[Part]


@dataclass(slots=True)
class _Size:
    """How long parts are: as escaped text without the addresses of their links, as blocks, and what addresses they have."""

    text: int
    blocks: int
    urls: dict[str, int]


@dataclass
class Page:
    """A message that is being filled; `count` is how many times something was added. What stands under one heading is a section,
    and stands apart from the others."""

    frame: Frame
    count: int = 0
    sections: list[list[Part]] = field(default_factory=list)

    def __post_init__(self) -> None:
        size = _size([*self.frame.head, *self.frame.foot])
        self.text, self.blocks, self.urls = size.text + sum(size.urls.values()) + SPARE, size.blocks, dict(size.urls)

    def has_room(self, wanted: bool) -> bool:
        """Whether what stands around it leaves room enough."""
        return self.text + ROOMY * wanted <= limits.TEXT

    def takes(self, parts: Sequence[Part]) -> bool:
        """Whether these parts fit too."""
        size = _size(parts)
        text = self.text + size.text + sum(size.urls[url] for url in size.urls.keys() - self.urls.keys())
        return text <= limits.TEXT and self.blocks + size.blocks <= limits.ALL_BLOCK_TEXT

    def add(self, heading: Sequence[Part], parts: Sequence[Part]) -> bool:
        """Adds parts below a heading, if they fit together; says whether they did."""
        both = [*heading, *parts]
        if not self.takes(both):
            return False
        size = _size(both)
        new = {url: cost for url, cost in size.urls.items() if url not in self.urls}
        self.text += size.text + sum(new.values())
        self.blocks += size.blocks
        self.urls |= new
        if heading or not self.sections:
            self.sections.append([])
        self.sections[-1] += both
        self.count += 1
        return True

    def message(self) -> Message:
        """What it holds as a message."""
        sections = [self.frame.head, *self.sections, self.frame.foot]
        text = reply.to_text([part for some in sections for part in some])
        return Message(text, [block for some in sections for block in reply.to_blocks(some)])


def _size(parts: Sequence[Part]) -> _Size:
    urls = {url: _escaped(url) + len("[100] \n") for url in reply.numbered(parts)}
    lines = reply.to_text(parts).split("\n")
    text = sum(_escaped(line) + 1 for line in lines[: len(lines) - len(urls)])
    links = sum(1 for _ in _links(parts))
    blocks = sum(len(run.text) + len(run.url) for part in parts for run in part.runs) + len(parts)
    return _Size(text + 2 * links, blocks, urls)


def _links(parts: Sequence[Part]) -> Iterator[str]:
    return (run.url for part in parts for run in part.runs if run.url)


def _escaped(text: str) -> int:
    """How long a text is once three of its characters are escaped."""
    return len(text) + 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))
