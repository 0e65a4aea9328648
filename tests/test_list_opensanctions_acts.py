"""FollowTheMoney files of OpenSanctions: copies of official lists, measures, and deltas."""

from pathlib import Path
from typing import Any

import pytest

from bot.errors import BadFile
from bot.lists import opensanctions
from bot.records import Edition, Gone, Listing
from tests.test_list_opensanctions_ftm import ARMS, FOLDER, ONE, SAMPLE, SDN, entries, rejected, write

DELTA = FOLDER / "zx.entities.delta.json"


def listing(folder: Path, datasets: list[str], subject: dict[str, Any], **properties: list[str]) -> Listing:
    sanction = {
        "id": "s-1",
        "schema": "Sanction",
        "datasets": datasets,
        "properties": {"entity": ["NK-x"], **properties},
    }
    items = list(opensanctions.read([write(folder, sanction, ONE | {"datasets": datasets} | subject)]))
    (found,) = (act for one in entries(items).values() for act in one.listings)
    return found


@pytest.mark.parametrize(
    ("dataset", "subject", "properties", "expected"),
    [
        ("un_sc_sanctions", {}, {"unscId": ["ZXi.001"]}, ("UN", "Security Council Consolidated List", "ZXi.001")),
        ("gb_fcdo_sanctions", {"id": "NK-x"}, {"authorityId": ["15"]}, ("UK", "UK Sanctions List", "15")),
        (
            "gb_fcdo_sanctions",
            {"referents": ["gb-fcdo-rus0001"]},
            {"authorityId": ["15", "RUS0001"]},
            ("UK", "UK Sanctions List", "RUS0001"),
        ),
        ("eu_fsf", {"referents": ["eu-fsf-eu-12-3"]}, {}, ("EU", "Financial Sanctions Files", "EU.12.3")),
        ("us_ofac_cons", {"referents": ["ofac-1", "ofac-2"]}, {}, ("OFAC", "Consolidated Non-SDN List", "s-1")),
    ],
)
def test_copies_of_official_lists_carry_their_words_and_ids(
    tmp_path: Path, dataset: str, subject: dict[str, Any], properties: dict[str, list[str]], expected: tuple[str, ...]
) -> None:
    act = listing(tmp_path, [dataset], subject, program=["X"], **properties)
    assert (act.authority, act.list, act.record_id) == expected


@pytest.mark.parametrize(
    ("provision", "measures"),
    [
        ("Asset freeze", ("asset freeze",)),
        ("Targeted financial sanction", ("asset freeze",)),
        ("блокування активів - тимчасове обмеження", ("asset freeze",)),
        ("Director Disqualification Sanction", ("director disqualification",)),
        ("Arms embargo", ("arms embargo",)),
        ("Blockchain advice", ("public identification",)),
        ("Something new", ("public identification",)),
    ],
)
def test_measures_are_those_whose_words_a_provision_has(
    tmp_path: Path, provision: str, measures: tuple[str, ...]
) -> None:
    assert listing(tmp_path, ["zx_list"], {}, provisions=[provision]).measures == measures


def test_a_delta_gives_out_what_is_added_and_what_is_gone() -> None:
    items = list(opensanctions.read([DELTA]))
    assert {(one.dataset.list, one.delta) for one in items if isinstance(one, Edition)} == {(ARMS, True), (SDN, True)}
    assert [act.id for act in entries(items)[f"{ARMS}:NK-new"].listings] == [f"{ARMS}:zx-sanction-8"]
    assert entries(items)[f"{ARMS}:NK-gull"].entity.name == "GOLDEN GULL"
    where = f"{DELTA.name}, line 6 (NK-ann)"
    assert [one for one in items if isinstance(one, Gone)] == [
        Gone(f"{SDN}:NK-ann", where),
        Gone(f"{ARMS}:NK-ann", where),
    ]


def test_a_delta_says_what_a_subject_is_and_of_its_listings_those_that_changed() -> None:
    items = list(opensanctions.read([DELTA]))
    assert entries(items)[f"{ARMS}:NK-far"].listings == ()
    assert [(one.where.partition(", ")[2], one.why) for one in rejected(items)] == [
        ("line 3 (zx-sanction-2)", "its subject is not in this delta, or of no kind that is kept"),
    ]


def test_a_delta_is_loaded_by_itself() -> None:
    for others in ([SAMPLE], [DELTA]):
        with pytest.raises(BadFile, match=r"deltas are loaded one at a time|a delta is loaded by itself"):
            list(opensanctions.read([DELTA, *others]))


def test_a_delta_that_names_no_list_can_take_nothing_off(tmp_path: Path) -> None:
    path = write(tmp_path, {"op": "DEL", "entity": {"id": "a"}}, {"op": "DEL", "entity": {"id": "b"}})
    with pytest.raises(BadFile, match="2 removed objects: the delta names no list"):
        list(opensanctions.read([path]))
