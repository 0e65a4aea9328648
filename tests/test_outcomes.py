"""What of an answer may alert, and what differs between two outcomes so that it is told."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outcomes import Fact, Likeness, Outcome, Said, as_json, from_json
from bot.records import Reason
from bot.shifts import SHIFTS, compare

ACT = Fact("OFAC", "SDN", "active", ("asset freeze",), "RUSSIA-EO14024", "2024-05-01", "", "ofac", "99")
ENDED = replace(ACT, state="ended", until="2024-06-01")
COPY = replace(ACT, dataset="csl", programme="RUSSIA", measures=("asset freeze", "x"))
OTHER = replace(ACT, authority="UK", list="UK Sanctions List", dataset="uk", record_id="RUS1")
ALLEGED = Said("desk:lenses", "alleges", "uncontested", "Ministry", True)
DENIED = Said("desk:no", "denies", "uncontested", "Acme", True)
NOBODY, CANNOT_SAY = Outcome("no_record"), Outcome("cannot_say")
LISTED = Outcome("listed", entity_id="ofac:99", name="Delta", records=("ofac:99",), law=(ACT,))
FORMERLY = replace(LISTED, status="formerly_listed", law=(ENDED,))
SILENT = replace(LISTED, status="mentioned", law=())
NAMED = replace(SILENT, status="named", named=True, said=(ALLEGED,))
A = Outcome("listed", entity_id="a:1", name="Delta", records=("a:1",), law=(ACT,))
B = Outcome("mentioned", entity_id="b:2", name="Delta", records=("b:2",))
NEAR = Likeness(0.67, "Delta", (Reason("typo", "deltta", "delta"),))
OTHER_ONE = replace(B, entity_id="c:3", records=("c:3",))
TWO = Outcome("ambiguous", candidates=(A, B), law=(ACT,))


def codes(before: Outcome, after: Outcome) -> list[str]:
    return [one.code for one in compare(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (NOBODY, LISTED, ["listed", "matched"]),
        (NOBODY, NAMED, ["named", "matched"]),
        (NOBODY, SILENT, ["matched"]),
        (replace(NOBODY, records=SILENT.records), SILENT, ["matched"]),
        (replace(CANNOT_SAY, records=SILENT.records), SILENT, ["matched"]),
        (NOBODY, TWO, ["ambiguous"]),
        (TWO, LISTED, ["listed", "matched"]),
        (LISTED, NOBODY, ["lost"]),
        (TWO, NOBODY, ["lost"]),
        (NAMED, replace(NAMED, status="listed", law=(ACT,)), ["listed"]),
        (LISTED, FORMERLY, ["ended"]),
        (FORMERLY, LISTED, ["listed"]),
        (LISTED, SILENT, ["removed"]),
        (LISTED, replace(LISTED, law=(ACT, OTHER)), ["listed"]),
        (replace(LISTED, law=(ACT, OTHER)), LISTED, ["removed"]),
        (LISTED, replace(LISTED, law=(replace(ACT, measures=("asset freeze", "travel ban")),)), ["measures"]),
        (LISTED, replace(LISTED, law=(replace(ACT, programme="NPWMD"),)), ["programme"]),
        (SILENT, NAMED, ["named"]),
        (NAMED, replace(NAMED, contested=True, said=(ALLEGED, DENIED)), ["denied"]),
        (NAMED, SILENT, ["withdrawn"]),
        (NAMED, replace(SILENT, said=(replace(ALLEGED, standing="retracted"),)), ["retracted"]),
        (LISTED, replace(LISTED, entity_id="ofac:5", records=("ofac:5",)), ["another", "listed"]),
        (LISTED, replace(NAMED, entity_id="ofac:5", records=("ofac:5",)), ["another", "named"]),
        (TWO, replace(TWO, candidates=(A, replace(B, status="listed", law=(ACT,)))), ["listed"]),
        (TWO, replace(TWO, candidates=(A, replace(B, status="named"))), ["status"]),
        (TWO, replace(TWO, candidates=(A, OTHER_ONE)), ["ambiguous"]),
        (TWO, replace(TWO, candidates=(replace(A, records=("a:1", "b:2")), OTHER_ONE)), ["ambiguous"]),
        (SILENT, replace(SILENT, contested=True), ["status"]),
    ],
)
def test_what_differs_is_told_the_most_serious_first(before: Outcome, after: Outcome, told: list[str]) -> None:
    assert codes(before, after) == told


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (NOBODY, CANNOT_SAY),
        (CANNOT_SAY, NOBODY),
        (SILENT, replace(SILENT, status="cannot_say")),
        (LISTED, replace(LISTED, likeness=NEAR)),
        (replace(LISTED, likeness=NEAR), replace(LISTED, likeness=replace(NEAR, score=0.99))),
        (TWO, replace(TWO, candidates=(replace(A, likeness=NEAR), B))),
        (LISTED, replace(LISTED, name="Delta Motors", records=("ofac:99", "csl:99"))),
        (LISTED, replace(LISTED, entity_id="csl:99", records=("csl:99", "ofac:99"))),
        (LISTED, replace(LISTED, law=(replace(ACT, since="2024-05-02", record_id="100"),))),
        (LISTED, replace(LISTED, law=(COPY,))),
        (LISTED, replace(LISTED, law=(ACT, COPY))),
        (replace(LISTED, law=(ACT, COPY)), LISTED),
        (LISTED, replace(LISTED, law=(replace(ACT, programme=" russia-eo14024 ;"),))),
        (FORMERLY, replace(FORMERLY, law=(replace(ENDED, until="2024-06-02"),))),
        (replace(LISTED, law=(ACT, OTHER)), replace(LISTED, law=(OTHER, ACT))),
        (TWO, replace(TWO, candidates=TWO.candidates[::-1])),
        (TWO, replace(TWO, candidates=(replace(A, entity_id="c:3", records=("a:1", "c:3")), B))),
        (TWO, replace(TWO, candidates=(A, replace(B, status="cannot_say")))),
    ],
)
def test_cosmetic_changes_are_not_told(before: Outcome, after: Outcome) -> None:
    assert codes(before, after) == []


def test_a_copy_that_calls_it_no_designation_is_told() -> None:
    assert codes(LISTED, replace(LISTED, law=(replace(ACT, dataset="csl", measures=("travel ban",)),))) == ["measures"]


def test_terms_are_compared_by_those_who_state_them_before_and_after() -> None:
    longer = replace(ACT, measures=("asset freeze", "travel ban"))
    (one,) = compare(LISTED, replace(LISTED, law=(longer, COPY)))
    assert (one.code, one.before, one.after) == ("measures", "asset freeze", "asset freeze, travel ban")


def test_records_that_were_joined_say_why() -> None:
    joined = replace(LISTED, records=("ofac:99", "uk:RUS1"), law=(ACT, OTHER))
    assert codes(LISTED, joined) == ["listed", "joined"]
    assert codes(joined, LISTED) == ["removed", "separated"]


def test_of_those_it_may_be_a_new_denial_is_told_and_a_new_candidate_says_all() -> None:
    assert codes(replace(TWO, said=(ALLEGED,)), replace(TWO, contested=True, said=(ALLEGED, DENIED))) == ["denied"]
    more = replace(TWO, candidates=(A, B, replace(A, entity_id="c:3", records=("c:3",))), law=(ACT, OTHER))
    assert codes(TWO, more) == ["ambiguous"]


def test_those_it_may_be_that_were_written_down_in_fewer_words_are_still_the_same() -> None:
    old = as_json(TWO) | {"candidates": [["a:1", "Delta", "listed"], ["b:2", "Delta", "mentioned"]]}
    assert codes(from_json(json.loads(json.dumps(old))), TWO) == []


def test_who_says_something_against_it_and_who_denies_it_is_known() -> None:
    unsure = replace(ALLEGED, id="desk:other", by="Somebody", certain=False)
    one = replace(NAMED, said=(ALLEGED, unsure, DENIED))
    assert (one.accusers, one.deniers, one.is_accused) == (("Ministry",), ("Acme",), True)
    one = replace(NAMED, said=(replace(ALLEGED, standing="retracted"), unsure))
    assert (one.accusers, one.deniers, one.is_accused) == (("Somebody",), (), False)


_text = st.text(max_size=5)
_facts = st.builds(
    Fact,
    *(
        st.sampled_from(["OFAC", "UK"]),
        st.sampled_from(["SDN", "List"]),
        st.sampled_from(["active", "ended", "unknown"]),
    ),
    *(st.lists(_text, max_size=2).map(tuple), _text, _text, _text, st.sampled_from(["ofac", "csl"]), _text),
)
_said = st.builds(
    Said,
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from(["alleges", "confirms", "denies", "retracts", "reports"]),
    st.sampled_from(["uncontested", "contested", "retracted", "superseded"]),
    *(_text, st.booleans()),
)
_reasons = st.builds(Reason, _text, _text, _text)
_likeness = st.builds(Likeness, st.floats(0, 1), _text, st.lists(_reasons, max_size=2).map(tuple))
_standings = st.builds(
    Outcome,
    st.sampled_from(["listed", "named", "mentioned", "cannot_say"]),
    *(st.booleans(), st.booleans(), st.sampled_from(["x:1", "x:2"]), _text),
    law=st.lists(_facts, max_size=2).map(tuple),
    likeness=st.none() | _likeness,
)
_outcomes = st.builds(
    Outcome,
    st.sampled_from(["listed", "formerly_listed", "named", "mentioned", "ambiguous", "no_record", "cannot_say"]),
    *(st.booleans(), st.booleans(), st.sampled_from(["", "x:1", "x:2"]), _text),
    st.lists(st.sampled_from(["x:1", "x:2"]), max_size=2).map(tuple),
    st.lists(_standings, max_size=2, unique_by=lambda one: one.entity_id).map(tuple),
    st.lists(_facts, max_size=3).map(tuple),
    st.lists(_said, max_size=3, unique_by=lambda one: one.id).map(tuple),
    st.none() | _likeness,
)


@given(_outcomes)
def test_an_outcome_comes_back_from_json_and_differs_from_itself_in_nothing(one: Outcome) -> None:
    assert from_json(json.loads(json.dumps(as_json(one)))) == one
    assert compare(one, one) == []


@given(_outcomes, _outcomes)
def test_any_two_can_be_compared_and_another_headline_of_somebody_is_never_silent(one: Outcome, other: Outcome) -> None:
    told = compare(one, other)
    assert [one.code for one in told] == sorted((one.code for one in told), key=SHIFTS.index)
    if one.is_nobody != other.is_nobody or (other.status == "listed" != one.status and not other.is_nobody):
        assert told
