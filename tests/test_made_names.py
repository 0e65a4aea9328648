"""The made names that speed is measured with: the same always, in the shares they are said to have."""

from collections import Counter
from itertools import groupby
from random import Random

import pytest

from tests.bench.made_names import MadeName, ask, make, question, typo


@pytest.fixture(scope="module")
def names() -> list[MadeName]:
    return list(make(20_000))


def test_one_seed_makes_the_same_names_however_many_are_asked_for(names: list[MadeName]) -> None:
    assert list(make(500)) == names[:500]
    assert list(make(500, seed=2)) != names[:500]


def test_more_than_half_are_firms_and_a_third_are_persons(names: list[MadeName]) -> None:
    kinds = {one.id: one.entity_kind for one in names}
    shares = {kind: number / len(kinds) for kind, number in Counter(kinds.values()).items()}
    assert shares == pytest.approx({"Company": 0.55, "Person": 0.35, "Vessel": 0.05, "Organization": 0.05}, abs=0.02)


def test_an_entity_has_one_to_six_names_and_the_first_is_the_primary_one(names: list[MadeName]) -> None:
    entities = [list(some) for _, some in groupby(names, lambda one: one.id)]
    assert {len(some) for some in entities} == {1, 2, 3, 4, 5, 6}
    assert all([one.kind == "primary" for one in some] == [True] + [False] * (len(some) - 1) for some in entities)


def test_no_name_is_empty_or_has_loose_spaces(names: list[MadeName]) -> None:
    assert [one for one in names if not one.value or one.value != " ".join(one.value.split())] == []


def test_names_come_in_four_scripts(names: list[MadeName]) -> None:
    letters = {letter for one in names for letter in one.value}
    assert set("aя科م") <= letters


def test_common_words_are_common_and_most_words_are_rare(names: list[MadeName]) -> None:
    words = Counter(word for one in names for word in one.value.split())
    assert words["Technology"] > 500
    assert sum(number == 1 for number in words.values()) > len(words) / 2


def test_queries_differ_from_their_names_and_are_the_same_for_one_seed(names: list[MadeName]) -> None:
    asked = [ask(one.value, Random(7)) for one in names[:1000]]
    assert asked == [ask(one.value, Random(7)) for one in names[:1000]]
    assert "" not in asked
    assert len({ask("Wuhan Ruihua Technology Co., Ltd.", Random(seed)) for seed in range(50)}) > 10


@pytest.mark.parametrize("seed", range(20))
def test_a_mistyped_word_is_another_one(seed: int) -> None:
    assert typo("Ruihua", Random(seed)) != "Ruihua"


def test_a_question_has_ten_words_and_the_name() -> None:
    asked = question(["Wuhan Ruihua Technology Co., Ltd."], Random(1))
    assert "Wuhan Ruihua Technology" in asked
    assert len(asked.split()) == 10
