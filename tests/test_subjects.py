"""Answers about one subject of many records: all its listings and claims, the publisher's word first, and why they are one."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.answers import Subject
from bot.lists import PUBLICATIONS
from bot.lists.publications import Publication
from bot.precedence import Precedence
from bot.records import Dataset, Entity, Identifier, Listing, Name, Reason, Source
from bot.status import listing_fact
from bot.subjects import merged
from tests.conftest import Desk
from tests.joins import USCC, Lists, entry

SDN = "OFAC", "Specially Designated Nationals"
NAME = "WUHAN TONGSHENG TECHNOLOGY CO., LTD."


@pytest.fixture
def lists(quick_desk: Desk) -> Lists:
    return Lists(quick_desk.database, quick_desk.names.analyser)


def asked(desk: Desk, question: str, **options: object) -> Subject:
    return desk.answer(question, **options).subjects[0]


def test_one_subject_has_the_claims_and_listings_of_all_its_records(quick_desk: Desk, lists: Lists) -> None:
    lists.load("2026-11-01", entry("ofac:47368", NAME, act=SDN, uscc=USCC))
    lists.load("2026-11-02", entry("eu:9", "Tongsheng Kids", act=("EU", "Regulation 269/2014"), uscc=USCC))
    one = asked(quick_desk, "is Wuhan Tongsheng Technology flagged?")
    assert one.standing
    assert (one.status, one.named) == ("listed", True)
    assert one.standing.records == ("ofac:47368", "eu:9", "starter:wuhan-tongsheng")
    assert {fact.listing.authority for fact in one.standing.listings} == {"OFAC", "EU", "UK"}
    assert one.standing.claims


def test_the_publishers_own_listing_is_shown_once_with_the_sources_of_its_copies(
    quick_desk: Desk, lists: Lists
) -> None:
    lists.load("2026-11-01", entry("ofac:47368", NAME, act=SDN, uscc=USCC))
    one = asked(quick_desk, "Wuhan Tongsheng Technology")
    assert one.standing
    (fact,) = (fact for fact in one.standing.listings if fact.listing.authority == "OFAC")
    assert [source.publisher for source in fact.sources] == [
        "Publisher of ofac",
        "U.S. Department of the Treasury, OFAC",
    ]
    assert (fact.since, fact.listing.last_absent) == ("2024-05-01", "2024-04-26")


def test_an_answer_says_which_records_are_one_and_why(quick_desk: Desk, lists: Lists) -> None:
    lists.load("2026-11-01", entry("ofac:47368", NAME, act=SDN, uscc=USCC))
    told = quick_desk.say("tell me about Wuhan Tongsheng Technology")
    assert "One subject from 2 records: ofac:47368, starter:wuhan-tongsheng — " in told
    assert f"same unified social credit code {USCC}" in told
    assert f"same full name “{NAME}”" in told
    assert "One subject from 2 records" in quick_desk.say("is Wuhan Tongsheng Technology flagged?")
    (subject,) = quick_desk.json("Wuhan Tongsheng Technology")["subjects"]
    assert subject["entity"]["records"] == ["ofac:47368", "starter:wuhan-tongsheng"]
    assert len(subject["entity"]["joined"]) == 3


def test_records_of_one_subject_are_no_choice(quick_desk: Desk, lists: Lists) -> None:
    lists.load("2026-11-01", entry("ofac:48808", "YANTAI IRAY TECHNOLOGY CO LTD", act=SDN, uscc="91370600557897249A"))
    assert asked(quick_desk, "Yantai iRay").status == "listed"
    one = asked(quick_desk, "iRay")
    assert one.status == "ambiguous"
    assert [each.entity.id for each in one.candidates] == ["ofac:48808", "starter:shanghai-iray"]


def test_any_record_of_a_subject_can_be_chosen_and_talked_about(quick_desk: Desk, lists: Lists) -> None:
    lists.load("2026-11-01", entry("ofac:48808", "YANTAI IRAY TECHNOLOGY CO LTD", act=SDN, uscc="91370600557897249A"))
    one = asked(quick_desk, "iRay", chosen=((0, "starter:yantai-iray"),))
    assert one.standing
    assert one.standing.entity.id == "ofac:48808"
    assert quick_desk.answer("did they deny it?").subjects


def test_before_the_list_was_loaded_nothing_was_joined(quick_desk: Desk, lists: Lists) -> None:
    moment = lists.now
    lists.load("2026-11-01", entry("ofac:47368", NAME, act=SDN, uscc=USCC))
    one = asked(quick_desk, "Wuhan Tongsheng Technology", known_at=moment)
    assert one.standing
    assert one.standing.records == ("starter:wuhan-tongsheng",)


def test_a_join_by_hand_is_seen_by_the_next_question(quick_desk: Desk, lists: Lists) -> None:
    lists.load("2026-11-01", entry("ofac:9", "Tongsheng Kids Playgrounds", act=SDN))
    assert asked(quick_desk, "Tongsheng Kids Playgrounds").named is False
    lists.decide("join", "ofac:9", "starter:wuhan-tongsheng")
    one = asked(quick_desk, "Tongsheng Kids Playgrounds")
    assert one.standing
    assert (one.named, one.standing.joined) == (True, (Reason("same_by_hand", "the registry says so"),))


def test_a_match_by_an_alias_names_the_entry_that_has_it(quick_desk: Desk, lists: Lists) -> None:
    name = "China Electronic Technology Group Corporation No. 11 Research Institute"
    alias = "North China Research Institute of Electro-Optics"
    lists.load(
        "2026-11-01", entry("csl:9", name, alias, act=("BIS", "Entity List"), listed_on="2015-07-28"), form="csl"
    )
    told = quick_desk.say(f"is {alias} flagged?")
    assert f"matched to “{alias}”, an alias of {name} on the Entity List" in told
    one = asked(quick_desk, f"is {alias} flagged?")
    assert one.standing
    assert [len(fact.copies) for fact in one.standing.listings] == [1]


def test_the_names_of_all_records_are_told_once() -> None:
    some = [
        Entity(
            "starter:a",
            "Organization",
            "Aa Co",
            (Name("Aa Co", "primary"), Name("AA", "acronym")),
            ("cn",),
            note="ours",
        ),
        Entity("ofac:a", "Company", "AA CO", (Name("AA CO", "primary"), Name("Bb", "weak_alias")), note="theirs"),
        Entity("uk:a", "Company", "Bb", (Name("Bb", "primary"),), ("hk",), (Identifier("uscc", USCC),)),
    ]
    one = merged(some)
    assert (one.id, one.name, one.kind, one.countries, one.note) == ("ofac:a", "AA CO", "Company", ("hk", "cn"), "ours")
    assert [(name.value, name.kind) for name in one.names] == [("AA CO", "primary"), ("Bb", "alias"), ("AA", "acronym")]


def act(id: str, record_id: str = "7", **more: Any) -> Listing:
    plain = Listing(
        id, id, "Board", "Grey List", ("asset freeze",), "2024-01-01", (f"{id}-source",), record_id=record_id
    )
    return replace(plain, **more)


def precedence(*, own: str = "2024-06-01", copy: str = "2024-01-01") -> Precedence:
    board = Publication("board", "Grey List", "Board", "", "", 1, covers=(("Board", "Grey List"),))
    loaded = (("board", own, "board"), ("csl", copy, "csl"), ("starter", "2026-11-23", "claims"))
    held = {name: Dataset(name, name, "P", day, day, form=form) for name, day, form in loaded if day}
    return Precedence({"board": board}, held)


def test_a_copy_of_what_its_publisher_took_off_is_ended() -> None:
    one = precedence().ended(act("csl:7", listed_on="2020-05-01"), there=())
    assert (one.ended_on, one.last_seen) == ("2024-06-01", "2024-01-01")
    assert listing_fact(one, date(2024, 7, 1), {}).state == "ended"


@pytest.mark.parametrize(
    ("one", "which"),
    [
        (act("csl:7"), precedence(own="")),
        (act("csl:7"), precedence(copy="2024-07-01")),
        (act("csl:7", record_id=""), precedence()),
        (act("csl:7", list="Another List"), precedence()),
        (act("starter:7", read_on="2026-01"), precedence()),
    ],
)
def test_a_copy_stands_where_its_publisher_does_not_say_otherwise(one: Listing, which: Precedence) -> None:
    assert which.ended(one, there=()) == one


def test_an_entry_that_its_publisher_still_has_stands() -> None:
    assert precedence().ended(act("csl:7"), there={"board:7"}) == act("csl:7")


def test_of_copies_the_newest_counts_and_the_publishers_own_before_all() -> None:
    own, old, new = act("board:7"), act("starter:7", read_on="2020-01"), act("csl:7")
    assert [(one.listing.id, len(one.copies)) for one in precedence().settle([old, new, own])] == [("board:7", 2)]
    assert precedence(own="").settle([old, new])[0].listing.id == "csl:7"


def test_entries_without_a_number_are_told_apart_by_their_day() -> None:
    own = act("board:7", listed_on="2020-05-01")
    same, other = act("starter:x", "", listed_on="2020-05-01"), act("starter:y", "", listed_on="2021-05-01")
    found = precedence().settle([same, other, own])
    assert [(one.listing.id, len(one.copies)) for one in found] == [("board:7", 1), ("starter:y", 0)]


def test_an_entry_that_came_back_keeps_both_times() -> None:
    before = act("board:7~2023-01-01", ended_on="2023-01-01", last_seen="2022-12-01")
    found = precedence().settle([before, act("csl:7"), act("board:7")])
    assert [(one.listing.id, len(one.copies)) for one in found] == [("board:7", 1), ("board:7~2023-01-01", 0)]


def test_the_shown_source_leads_to_the_page_of_the_entry() -> None:
    source = Source("csl:7-source", "Board", "The list", "https://example.org/list", "2024-01-01")
    fact = listing_fact(
        act("csl:7", listed_on="2020-05-01", url="https://example.org/7"), date(2024, 2, 1), {source.id: source}
    )
    assert fact.sources == (replace(source, url="https://example.org/7"),)


def test_an_end_that_no_list_gives_is_worded_as_what_was_seen(quick_desk: Desk, lists: Lists) -> None:
    lists.load(
        "2024-04-26", entry("ofac:9", "Tongsheng Kids Playgrounds", act=SDN), entry("ofac:8", "Zz Works", act=SDN)
    )
    lists.load("2024-05-01", entry("ofac:8", "Zz Works", act=SDN))
    told = quick_desk.say("Tongsheng Kids Playgrounds")
    assert "FORMERLY LISTED" in told
    assert "until 2024-05-01, the first version without it (last seen in that of 2024-04-26)" in told


def test_what_counts_for_which_list_is_said_once() -> None:
    pairs = [pair for one in PUBLICATIONS.values() for pair in one.covers]
    assert len(pairs) == len(set(pairs))
