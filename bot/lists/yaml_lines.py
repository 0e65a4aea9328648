"""Reads YAML as plain text values and remembers on which line each one stands."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from bot.errors import BadFile

Step: TypeAlias = str | int
Lines: TypeAlias = dict[tuple[Step, ...], int]


def read(path: Path) -> tuple[Any, Lines]:
    """The document of a file, every scalar as text, and the line (from 1) of each value by its path in the document.

    Raises BadFile where the file cannot be read, is not one YAML document in UTF-8, repeats a key, or uses an alias (an
    alias can make a small file unfold into a huge one).
    """
    try:
        root = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=yaml.CSafeLoader)
    except OSError as error:
        raise BadFile(str(path), 0, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadFile(str(path), 0, f"is not UTF-8 text (byte {error.start})") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BadFile(str(path), mark.line + 1 if mark else 0, f"is not YAML: {error.problem}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise BadFile(str(path), 0, f"is not YAML: {str(error).partition(chr(10))[0]}") from error
    if root is None:
        raise BadFile(str(path), 0, "is empty")
    lines: Lines = {}
    try:
        return _Reader(str(path), lines).plain(root, ()), lines
    except RecursionError as error:
        raise BadFile(str(path), 0, "is nested too deeply") from error


class _Reader:
    def __init__(self, file: str, lines: Lines) -> None:
        self.file, self.lines = file, lines
        self.seen: set[int] = set()

    def plain(self, node: yaml.Node, path: tuple[Step, ...]) -> Any:
        line = node.start_mark.line + 1
        if id(node) in self.seen:
            raise BadFile(self.file, line, "uses an alias (*), which is not allowed")
        self.seen.add(id(node))
        self.lines[path] = line
        if isinstance(node, yaml.MappingNode):
            return dict(self._pairs(node, path))
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(item, (*path, place)) for place, item in enumerate(node.value)]
        return node.value

    def _pairs(self, node: yaml.MappingNode, path: tuple[Step, ...]) -> Iterator[tuple[str, Any]]:
        keys: set[str] = set()
        for key_node, value in node.value:
            key = str(key_node.value)
            if key in keys:
                raise BadFile(self.file, key_node.start_mark.line + 1, f"repeats the key {key!r}")
            keys.add(key)
            yield key, self.plain(value, (*path, key))
