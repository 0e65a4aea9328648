"""Says how likely two names are the same subject's (0–1), with the reasons the number follows from."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bot.matching import acronyms, personal
from bot.matching.align import Aligner, Alignment, Pair
from bot.matching.analysis import Analyser
from bot.matching.features import BASE, COMPANY, LEFT_OUT, Compared, forms_that_differ
from bot.matching.name import Name, Word
from bot.matching.readings import others
from bot.matching.spelling import same_text
from bot.records import Reason
from bot.scripts import of_text

VERSION = "2"
"""Goes into receipts; rises when the same names may score otherwise."""

SHOW = 0.2
"""From this score a stored name is shown as near."""

MATCH = 0.5
"""From this score a stored name is the one that was meant."""

NOT_ENOUGH = 0.45
"""The most that a name scores that lacks the distinctive words of the stored one."""

LONE = SHOW
"""The least that one name of a person scores that is all that is asked, and is among the stored ones: near, and never more."""

VETOED = 0.2
"""The most that a name scores that contradicts the stored one."""

WORDS, SPELLING, SCRIPT = 0.99, 0.98, 0.97
"""What names of the same words score: written alike, spelt otherwise, in another script."""

OTHER_FORM = 0.97
"""What is left of that where the legal forms differ."""

LETTER_BY_LETTER = ("Cyrillic", "Greek")
"""Scripts that are put into Latin letters so surely that a brand's sound is the brand."""

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
    is_same = aligner.key == stored.key
    if is_same and (found := _exactly(asked, stored, kind)):
        return found
    one = Compared(asked, stored, kind, aligner.align(stored.words))
    if not one.alignment.pairs:
        return Weighed(0.0, one)
    if is_same or _is_reordered(one):
        return _same_words(one)
    odds, features = (personal.BASE, personal.PERSON) if stored.schema == "Person" else (BASE, COMPANY)
    for feature, weight in features.items():
        odds += weight * feature(one)
        if odds < HOPELESS:
            break
    value = min(1 / (1 + math.exp(-odds)), _most(one))
    if stored.schema == "Person" and personal.is_one_name(one):
        value = LONE + (NOT_ENOUGH - LONE) * value
    return Weighed(round(value, 3), one)


def _exactly(asked: Name, stored: Name, kind: str) -> Weighed | None:
    """Whether the names are written alike to the last letter, or a name within the stored one (in brackets, in another script)
    is; None where they are not. What is nothing but structure is no name, however exact."""
    if all(word.kind in LEFT_OUT and len(word.text) > 1 for word in stored.words):
        return Weighed(0.0, None, (Reason("no_identity", stored.text),))
    if same_text(asked.text, stored.text):
        code, value = "exact", 1.0
    elif any(same_text(asked.text, other) for other in others(stored.text)):
        code, value = "exact_part", WORDS
    else:
        return None
    return Weighed(round(KINDS[kind] * value, 3), None, (Reason(code, stored.text), *_named(kind), *_masked(asked)))


def _same_words(one: Compared) -> Weighed:
    """The score of names of the same words: less where they are spelt or written otherwise, or of another legal form."""
    asked, stored = one.asked, one.stored
    if _says_nothing(stored):
        return Weighed(NOT_ENOUGH, None, (Reason("no_identity", stored.text),))
    differ = _legal(asked, stored)
    hows = {pair.how for pair in one.alignment.pairs}
    value = WORDS if hows == {"equal"} else SPELLING if hows <= {"equal", "variant"} else SCRIPT
    value = round(KINDS[one.kind] * value * (OTHER_FORM if differ else 1.0), 3)
    if hows != {"equal"}:
        return Weighed(value, one)
    reasons = (Reason("exact_words", stored.text), *differ, *_named(one.kind), *_masked(asked))
    return Weighed(value, None, reasons)


def _is_reordered(one: Compared) -> bool:
    """Whether a firm's names are the same words in another order."""
    left = (*one.alignment.asked, *one.alignment.stored)
    return (
        one.stored.schema != "Person"
        and all(word.kind == "particle" for word in left)
        and all(pair.how == "equal" for pair in one.alignment.pairs)
    )


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
    number = any(word.kind == "number" for word in one.missing) or _other_number(one)
    lacks = number or one.lacks_a_part or (one.missing and len(one.missing) == len(one.needed))
    unsure = _only_sounds(one) or _is_homophone(one) or _one_trades(one) or one.says_little
    return NOT_ENOUGH if lacks or unsure else 1.0


def veto(alignment: Alignment) -> Reason | None:
    """What both names say, and say differently: North and South, 11th and 12th, Dalian and Shenyang."""
    for kind in ("direction", "number", "place"):
        one = [word for word in alignment.asked if word.kind == kind]
        other = [word for word in alignment.stored if word.kind == kind]
        if one and other:
            return Reason(f"veto_{kind}", _text(one), _text(other))
    return None


def _other_number(one: Compared) -> list[Word]:
    """The numbers asked for that the stored name does not have."""
    return [word for word in one.alignment.asked if word.kind == "number"]


def _only_sounds(one: Compared) -> bool:
    """Whether nothing but the sound of a brand in another script speaks for the match: many brands sound alike, but for those
    whose Latin form is known."""
    pairs = one.alignment.pairs
    if len(one.stored.words) < 2 or len(pairs) != 1 or pairs[0].how != "reading" or one.stored.schema == "Person":
        return False
    words = (*pairs[0].asked, *pairs[0].stored)
    return not any(word.text in word.others or of_text(word.written) in LETTER_BY_LETTER for word in words)


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
    deciding = tuple(_deciding(one))
    codes = {why.code for why in deciding}
    told = [
        word
        for code, words in (("not_distinctive", one.missing), ("other_number", _other_number(one)))
        if code in codes
        for word in words
    ]
    return (
        *deciding,
        *_pair_reasons(one.alignment.pairs),
        *_left_over(one.alignment, told),
        *_legal(one.asked, one.stored),
        *_named(one.kind),
        *_masked(one.asked),
    )


def _deciding(one: Compared) -> Iterable[Reason]:
    if found := veto(one.alignment):
        yield found
    elif _only_sounds(one):
        yield Reason("only_sounds", one.asked.text, one.stored.text)
    elif _one_trades(one):
        yield Reason("one_trades", one.stored.text)
    elif one.stored.schema != "Person" and (numbers := _other_number(one)):
        yield Reason("other_number", _text(numbers), one.stored.text)
    elif one.missing and one.stored.schema != "Person":
        kinds = dict.fromkeys(word.kind for word in one.stored.words if word not in one.alignment.stored)
        yield Reason("not_distinctive", _text(one.missing), ", ".join(kinds))


def _pair_reasons(pairs: Iterable[Pair]) -> list[Reason]:
    ordered = sorted(pairs, key=lambda pair: -sum(word.weight for word in pair.stored))
    equal = [word for pair in ordered if pair.how == "equal" for word in pair.stored if word.kind != "particle"]
    reasons = [Reason("equal", _text(equal))] if equal else []
    return reasons + [
        Reason(pair.how, _text(pair.asked), _text(pair.stored)) for pair in _together(ordered) if pair.how != "equal"
    ]


def _together(pairs: Iterable[Pair]) -> Iterable[Pair]:
    """The pairs, those in one that are words for one written word: "machine" and "tool" for 机床."""
    found: list[Pair] = []
    for pair in pairs:
        last = found[-1] if found else None
        if last and last.how == pair.how and _text(last.asked) == _text(pair.asked):
            found[-1] = last._replace(stored=last.stored + pair.stored)
        elif last and last.how == pair.how and _text(last.stored) == _text(pair.stored):
            found[-1] = last._replace(asked=last.asked + pair.asked)
        else:
            found.append(pair)
    return found


def _left_over(alignment: Alignment, told: Sequence[Word]) -> list[Reason]:
    """What is left over on either side, without what is `told` already."""
    sides = (("only_asked", alignment.asked), ("only_stored", alignment.stored))
    left = [(code, [word for word in words if word.kind != "particle" and word not in told]) for code, words in sides]
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
