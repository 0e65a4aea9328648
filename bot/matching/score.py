"""Says how likely two names are the same subject's (0–1), with the reasons the number follows from."""

import math
from collections.abc import Iterable
from typing import NamedTuple

from bot.matching import acronyms, personal
from bot.matching.align import Aligner, Alignment, Pair
from bot.matching.analysis import Analyser
from bot.matching.features import BASE, COMPANY, LEFT_OUT, Compared, forms_that_differ
from bot.matching.name import Name, Word
from bot.records import Reason

VERSION = "2"
"""Goes into receipts; rises when the same names may score otherwise."""

SHOW = 0.2
"""From this score a stored name is shown as near."""

MATCH = 0.5
"""From this score a stored name is the one that was meant."""

NOT_ENOUGH = 0.45
"""The most that a name scores that lacks the distinctive words of the stored one."""

VETOED = 0.2
"""The most that a name scores that contradicts the stored one."""

HOPELESS = -3.0
"""Logarithm of the odds below which nothing more is looked at: no name is shown that has less."""

KINDS = {"primary": 1.0, "alias": 1.0, "acronym": 1.0, "former": 0.99, "weak_alias": 0.95}
"""Kind of stored name → what is left of the score of its very words."""


class Score(NamedTuple):
    """A score, 0–1, and its reasons, the weightiest first."""

    value: float
    reasons: tuple[Reason, ...]


class Weighed(NamedTuple):
    """A score, and what it was made from: nothing but `plain` reasons where the names were not compared word by word."""

    value: float
    compared: Compared | None = None
    plain: tuple[Reason, ...] = ()


def compare(asked: Name, stored: Name, kind: str = "alias") -> Score:
    """How likely `asked` means the subject whose stored name is `stored`, a name of that kind."""
    found = weigh(Aligner(asked), asked, stored, kind)
    return Score(found.value, explain(found))


def compare_texts(analyser: Analyser, asked: str, stored: str, schema: str = "") -> Score:
    """How likely one text means the subject that bears the other as its name, read by the rules of a kind of subject ("" for
    unknown): the best of the names within both."""
    pairs = [(one, other) for one in analyser.readings(asked, schema) for other in analyser.readings(stored, schema)]
    return max((compare(one, other) for one, other in pairs), key=lambda found: found.value)


def weigh(aligner: Aligner, asked: Name, stored: Name, kind: str) -> Weighed:
    """The score of two names; `aligner` is that of the asked one. Initials are known where the tokens of both are."""
    found = _by_words(aligner, asked, stored, kind)
    if found.value < acronyms.MOST and stored.tokens and acronyms.may_be(asked):
        likelihood = acronyms.likelihood(asked, stored)
        if likelihood > found.value:
            return Weighed(likelihood, None, (Reason("initials", asked.text.upper(), stored.text), *_named(kind)))
    return found


def _by_words(aligner: Aligner, asked: Name, stored: Name, kind: str) -> Weighed:
    if not asked.words or not stored.words:
        return Weighed(0.0, None, (Reason("no_words"),))
    if aligner.key == stored.key:
        return _same_key(asked, stored, kind)
    one = Compared(asked, stored, kind, aligner.align(stored.words))
    if not one.alignment.pairs:
        return Weighed(0.0, one)
    odds, features = (personal.BASE, personal.PERSON) if stored.schema == "Person" else (BASE, COMPANY)
    for feature, weight in features.items():
        odds += weight * feature(one)
        if odds < HOPELESS:
            break
    return Weighed(round(min(1 / (1 + math.exp(-odds)), _most(one)), 3), one)


def _same_key(asked: Name, stored: Name, kind: str) -> Weighed:
    """The same words: only a name of some identity is a match, and a different legal form takes a little off."""
    if _says_nothing(stored):
        return Weighed(0.0, None, (Reason("no_identity", stored.text),))
    differ = _legal(asked, stored)
    code = "exact" if asked.full == stored.full else "exact_words"
    value = KINDS[kind] * (0.97 if differ else 1.0)
    return Weighed(round(value, 3), None, (Reason(code, stored.text), *differ, *_named(kind), *_masked(asked)))


def _says_nothing(name: Name) -> bool:
    """Whether a name is only structure, or nothing but one sector or place, like "Technology Co., Ltd."."""
    kinds = [word.kind for word in name.words if word.kind not in LEFT_OUT]
    return len(kinds) < 2 and not set(kinds) & {"brand", "name", "given", "number"}


def _most(one: Compared) -> float:
    """The most that two names can score, whatever agrees."""
    if veto(one.alignment):
        return VETOED
    if one.stored.schema == "Person":
        return 1.0 if personal.agrees(one) else 0.0
    number = any(word.kind == "number" for word in one.missing)
    lacks = number or one.lacks_a_part or (one.missing and len(one.missing) == len(one.needed))
    return NOT_ENOUGH if lacks or _only_sounds(one) or _is_homophone(one) or _one_trades(one) else 1.0


def veto(alignment: Alignment) -> Reason | None:
    """What both names say, and say differently: North and South, 11th and 12th, Dalian and Shenyang."""
    for kind in ("direction", "number", "place"):
        one = [word for word in alignment.asked if word.kind == kind]
        other = [word for word in alignment.stored if word.kind == kind]
        if one and other:
            return Reason(f"veto_{kind}", _text(one), _text(other))
    return None


def _only_sounds(one: Compared) -> bool:
    """Whether nothing but the sound of a brand in another script speaks for the match: many brands sound alike."""
    pairs = one.alignment.pairs
    return len(one.stored.words) > 1 and len(pairs) == 1 and pairs[0].how == "reading" and one.stored.schema != "Person"


def _one_trades(one: Compared) -> bool:
    """Whether what is asked for imports and exports by its name, and the stored one not: the trader is not the maker."""
    return _trades(one.asked) and not _trades(one.stored)


def _trades(name: Name) -> bool:
    return any(word.text.startswith(("import", "export")) for word in name.words)


def _is_homophone(one: Compared) -> bool:
    """Whether a brand in Han is asked for that only sounds like the stored one."""
    return any(pair.how == "homophone" and pair.stored[0].kind == "brand" for pair in one.alignment.pairs)


def explain(weighed: Weighed) -> tuple[Reason, ...]:
    """The reasons of a score, the weightiest first: what decides, what agrees, what is left over."""
    one = weighed.compared
    if one is None:
        return weighed.plain
    said = (
        *_pair_reasons(one.alignment.pairs),
        *_left_over(one.alignment),
        *_legal(one.asked, one.stored),
        *_named(one.kind),
    )
    return (*_deciding(one), *said, *_masked(one.asked))


def _deciding(one: Compared) -> Iterable[Reason]:
    if found := veto(one.alignment):
        yield found
    elif _only_sounds(one):
        yield Reason("only_sounds", one.asked.text, one.stored.text)
    elif _one_trades(one):
        yield Reason("one_trades", one.stored.text)
    elif one.missing and one.stored.schema != "Person":
        kinds = dict.fromkeys(word.kind for word in one.stored.words if word not in one.alignment.stored)
        yield Reason("not_distinctive", _text(one.missing), ", ".join(kinds))


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
    differ = forms_that_differ(asked, stored)
    return [Reason("legal_form", ", ".join(differ[0]), ", ".join(differ[1]))] if differ else []


def _named(kind: str) -> tuple[Reason, ...]:
    return () if kind in ("primary", "alias") else (Reason(f"kind_{kind}"),)


def _masked(asked: Name) -> tuple[Reason, ...]:
    return (Reason("look_alikes", ", ".join(asked.masked)),) if asked.masked else ()


def _text(words: Iterable[Word]) -> str:
    return ", ".join(dict.fromkeys(word.written for word in words))
