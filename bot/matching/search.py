"""Finds the names of a segment that share most with what is asked: adds up the weights of shared grams, rarest first."""

import threading
from collections.abc import Mapping

import numpy as np

from bot.matching.columns import Array
from bot.matching.segment import Segment

ENOUGH = 0.9
"""Grams are looked up, the rarest first, until they hold this share of the weight of all that are asked."""

PASSES = (0.7, 0.55, 0.4, 0.28)
"""Shares of the best sum, tried in turn until enough names reach one."""

MOST_GRAMS = 200

MANY = 20_000
"""Names that reach a share at the most; above that the share before is kept."""

MOST_KEPT = 16
"""Arrays that a thread keeps to work with; some sizes of segments come and go."""

_scratch = threading.local()


def candidates(segment: Segment, asked: Mapping[int, float], visible: Array, at: int, most: int) -> Array:
    """Up to `most` places of names, the likest first, of those whose workspace is `visible` (by its number) and that were known
    by `at` (microseconds; 0: now)."""
    sums, scale = _sums(segment, asked)
    if sums is None:
        return np.zeros(0, np.int64)
    # What is not to be seen must not crowd out what is.
    if not visible.all():
        sums[~visible[segment.arrays["workspace"]]] = 0
    if at:
        sums[segment.arrays["since"] > at] = 0
    places = _best(sums, most)
    shared = sums[places] / np.float32(scale)
    share = np.minimum(1, shared / np.maximum(segment.arrays["weight"][places], 1e-6))
    likeness = shared * (0.5 + 0.5 * share)
    order = np.argsort(-likeness, kind="stable")[:most]
    return places[order]


def _sums(segment: Segment, asked: Mapping[int, float]) -> tuple[Array | None, float]:
    """For each name the sum of the weights of the grams it shares, in steps of which 255 are the most; and how many steps a
    unit of weight has."""
    grams, starts, names = (segment.arrays[name] for name in ("gram", "gram_starts", "gram_names"))
    wanted = np.fromiter(asked, np.uint32, len(asked))
    found = np.searchsorted(grams, wanted)
    found[found == len(grams)] = 0
    there = grams[found] == wanted if len(grams) else np.zeros(len(wanted), bool)
    if not there.any():
        return None, 0.0
    found, boost = found[there], np.fromiter(asked.values(), np.float32, len(asked))[there]
    weights = np.log1p(segment.size / (starts[found + 1] - starts[found])) * boost
    order = np.argsort(-weights)
    held = np.cumsum(weights[order])
    order = order[: int(np.searchsorted(held, held[-1] * ENOUGH)) + 1]
    # Sums are kept in a byte: of a very long name, the rarest grams do.
    order = order[:MOST_GRAMS]
    scale = (255 - len(order)) / float(weights[order].sum())
    sums = _kept("sums", segment.size, np.uint8)
    sums.fill(0)
    for place in order:
        first = found[place]
        np.add.at(sums, names[starts[first] : starts[first + 1]], np.uint8(max(1, int(weights[place] * scale))))
    return sums, scale


def _kept(name: str, size: int, kind: type[np.generic]) -> Array:
    """An array to work with, the same for every question of a thread: a new one would have to be brought in page by page."""
    kept: dict[tuple[str, int], Array] = _scratch.__dict__.setdefault("kept", {})
    if (name, size) not in kept:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[name, size] = np.zeros(size, kind)
    return kept[name, size]


def _best(sums: Array, most: int) -> Array:
    """The places of the names with the highest sums, some times `most` where there are as many."""
    top = int(sums.max())
    if not top:
        return np.zeros(0, np.int64)
    reached = _kept("reached", len(sums), np.bool_)
    cuts = [max(1, int(top * share)) for share in PASSES]
    chosen = cuts[0]
    for cut in cuts[1:]:
        if np.count_nonzero(np.greater_equal(sums, np.uint8(chosen), out=reached)) >= 3 * most:
            break
        if np.count_nonzero(np.greater_equal(sums, np.uint8(cut), out=reached)) > MANY:
            break
        chosen = cut
    return np.flatnonzero(np.greater_equal(sums, np.uint8(chosen), out=reached))
