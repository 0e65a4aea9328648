"""Says how likely two names are the same subject's (0–1), with the reasons the number follows from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.matching.align import Alignment, Pair, align
from bot.matching.analysis import Name, Word
from bot.records import Reason

VERSION = "1"
"""Goes into receipts; rises when the same names may score otherwise."""

SHOW = 0.45
"""From this score a stored name is shown as near."""

MATCH = 0.7
"""From this score a stored name is the one that was meant."""

NOT_ENOUGH = 0.6
"""What is left of the score of a name that lacks the distinctive words of the stored one."""

VETOED = 0.3
"""The most that a name scores that contradicts the stored one."""

KINDS = {"primary": 1.0, "alias": 1.0, "acronym": 1.0, "former": 0.99, "weak_alias": 0.95}
"""Kind of stored name → factor."""

TAIL = frozenset(("technology", "industry", "development", "international", "trading", "equipment"))
"""Words at the end of a name that people leave out in speech."""


@dataclass(frozen=True, slots=True)
class Score:
    """A score, 0–1, and its reasons, the weightiest first."""

    value: float
    reasons: tuple[Reason, ...]


def compare(asked: Name, stored: Name, kind: str = "alias") -> Score:
    """How likely `asked` means the subject whose stored name is `stored`, a name of that kind."""
    if not asked.words or not stored.words:
        return Score(0.0, (Reason("no_words"),))
    named = () if kind in ("primary", "alias") else (Reason(f"kind_{kind}"),)
    if asked.key == stored.key:
        return _same_key(asked, stored, KINDS[kind], named)
    alignment = align(asked.words, stored.words)
    veto = _veto(alignment)
    value = _coverage(alignment, asked, stored) * KINDS[kind]
    if veto:
        return Score(round(min(value, VETOED), 3), (veto, *_pair_reasons(alignment.pairs)))
    reasons = (*_pair_reasons(alignment.pairs), *_left_over(alignment), *_legal(asked, stored), *named)
    if _only_sounds(alignment, stored):
        return Score(round(value * NOT_ENOUGH, 3), (Reason("only_sounds", asked.text, stored.text), *reasons))
    if missing := _missing_distinctive(alignment, asked, stored):
        return Score(round(value * NOT_ENOUGH, 3), (Reason("not_distinctive", _text(missing)), *reasons))
    return Score(round(value * (0.98 if _legal(asked, stored) else 1), 3), reasons)


def _same_key(asked: Name, stored: Name, factor: float, named: Sequence[Reason]) -> Score:
    """The same words: only a name of some identity is a match, and a different legal form takes a little off."""
    if not any(word.kind != "corporate" for word in stored.words) or _nothing_but_light(stored):
        return Score(0.0, (Reason("no_identity", stored.text),))
    legal = _legal(asked, stored)
    code = "exact" if asked.full == stored.full else "exact_words"
    return Score(round(factor * (0.97 if legal else 1.0), 3), (Reason(code, stored.text), *legal, *named))


def _nothing_but_light(name: Name) -> bool:
    """Whether a name says nothing but a sector or a place, like "Technology Co., Ltd."."""
    kinds = [word.kind for word in name.words if word.kind not in ("corporate", "particle")]
    return len(kinds) < 2 and not set(kinds) & {"brand", "number"}


def _coverage(alignment: Alignment, asked: Name, stored: Name) -> float:
    return alignment.covered(asked.words, "asked") ** 2 * (0.65 + 0.35 * alignment.covered(stored.words, "stored"))


def _veto(alignment: Alignment) -> Reason | None:
    """What both names say, and say differently: North and South, 11th and 12th, Dalian and Shenyang."""
    for kind in ("direction", "number", "place"):
        one = [word for word in alignment.asked if word.kind == kind]
        other = [word for word in alignment.stored if word.kind == kind]
        if one and other:
            return Reason(f"veto_{kind}", _text(one), _text(other))
    return None


def _missing_distinctive(alignment: Alignment, asked: Name, stored: Name) -> list[Word]:
    """The words of the stored name without which it is not meant: its brand and numbers; without a brand, all but structure."""
    if stored.brand:
        return [word for word in alignment.stored if word.kind in ("brand", "number")]
    parent = _parent(stored)
    needed = [word for word in alignment.stored if word.kind not in ("corporate", "particle") and word not in parent]
    tail = stored.words[-1]
    if needed == [tail] and tail.text in TAIL and len(stored.words) > 3:
        return []
    return needed


def _only_sounds(alignment: Alignment, stored: Name) -> bool:
    """Whether nothing but the sound of a brand in another script speaks for the match: many brands sound alike."""
    return len(stored.words) > 1 and len(alignment.pairs) == 1 and alignment.pairs[0].how == "reading"


def _parent(name: Name) -> tuple[Word, ...]:
    """The group that a name begins with ("General Technology Group Dalian Machine Tool"), which people leave out."""
    for place, word in enumerate(name.words):
        rest = name.words[place + 1 :]
        if word.text == "group" and len(rest) > 1 and any(other.kind == "place" for other in rest):
            return name.words[:place]
    return ()


def _pair_reasons(pairs: Iterable[Pair]) -> list[Reason]:
    ordered = sorted(pairs, key=lambda pair: -sum(word.weight for word in pair.stored))
    equal = [word for pair in ordered if pair.how == "equal" for word in pair.stored if word.kind != "particle"]
    reasons = [Reason("equal", _text(equal))] if equal else []
    return reasons + [
        Reason(pair.how, _text(pair.asked), _text(pair.stored)) for pair in ordered if pair.how != "equal"
    ]


def _left_over(alignment: Alignment) -> list[Reason]:
    sides = (("only_asked", alignment.asked), ("only_stored", alignment.stored))
    left = [(code, [word for word in words if word.kind != "particle"]) for code, words in sides]
    return [Reason(code, _text(words)) for code, words in left if words]


def _legal(asked: Name, stored: Name) -> list[Reason]:
    # "Co." alone is the beginning of most forms.
    one, other = ([form for form in name.legal if form != "co"] for name in (asked, stored))
    if one and other and set(one) != set(other):
        return [Reason("legal_form", ", ".join(one), ", ".join(other))]
    return []


def _text(words: Iterable[Word]) -> str:
    return ", ".join(dict.fromkeys(word.written for word in words))
