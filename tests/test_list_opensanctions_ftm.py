"""FollowTheMoney files of OpenSanctions: subjects, their parts, their listings; what is left out."""

import gzip
import json
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.errors import BadFile
from bot.lists import opensanctions
from bot.records import Edition, Entry, Identifier, Item, Listing, Name, Rejected

FOLDER = Path(__file__).parent / "lists"
SAMPLE = FOLDER / "zx.entities.ftm.json"
REAL = Path(__file__).parents[2] / "shared" / "data" / "lists" / "opensanctions"
ARMS = "opensanctions-zx-arms-register"
SDN = "opensanctions-us-ofac-specially-designated-nationals-sdn-list"
CSL = "opensanctions-us-trade-consolidated-screening-list-csl"
ONE: dict[str, Any] = {
    "id": "NK-x",
    "schema": "Person",
    "caption": "Ann Example",
    "datasets": ["zx_arms_register"],
    "properties": {},
}


@pytest.fixture(scope="module")
def sample() -> list[Item]:
    return list(opensanctions.read([SAMPLE]))


def entries(items: Sequence[Item]) -> dict[str, Entry]:
    return {item.entity.id: item for item in items if isinstance(item, Entry)}


def rejected(items: Sequence[Item]) -> list[Rejected]:
    return [item for item in items if isinstance(item, Rejected)]


def write(folder: Path, *objects: dict[str, Any] | str, name: str = "entities.ftm.json") -> Path:
    texts = (one if isinstance(one, str) else json.dumps(one) for one in objects)
    (folder / name).write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    return folder / name


def test_each_dataset_is_a_list_before_its_entries(sample: list[Item]) -> None:
    editions = [one for one in sample if isinstance(one, Edition)]
    assert {(one.dataset.list, one.dataset.version, one.delta) for one in editions} == {
        (ARMS, "2026-11-19", False),
        (SDN, "2026-11-19", False),
        (CSL, "2026-11-19", False),
    }
    assert all(isinstance(one, Edition) for one in sample[:3])


def test_a_dataset_has_the_page_and_the_title_that_are_known_of_it(sample: list[Item]) -> None:
    (edition,) = (one for one in sample if isinstance(one, Edition) and one.dataset.list == SDN)
    assert edition.dataset.title == "US OFAC Specially Designated Nationals (SDN) List"
    assert edition.dataset.url == "https://www.opensanctions.org/datasets/us_ofac_sdn/"
    assert [one.url for one in edition.sources] == [edition.dataset.url]


def test_a_subject_is_an_entry_on_each_list_that_it_or_a_sanction_of_it_stands_on(sample: list[Item]) -> None:
    assert [id for id in entries(sample) if id.endswith(":NK-works")] == [
        f"{list}:NK-works" for list in (SDN, CSL, ARMS)
    ]


def test_names_are_of_the_kind_their_property_says(sample: list[Item]) -> None:
    assert entries(sample)[f"{SDN}:NK-works"].entity.names == (
        Name("Quillon Works LLC", "primary", "Latin"),
        Name("ООО «Квиллон»", "alias", "Cyrillic"),
        Name("Quillon Optics", "alias", "Latin"),
        Name("Old Quillon", "former", "Latin"),
        Name("QW Works", "weak_alias", "Latin"),
        Name("QWL", "acronym", "Latin"),
    )


def test_numbers_are_of_the_scheme_their_property_says_each_once(sample: list[Item]) -> None:
    assert entries(sample)[f"{SDN}:NK-works"].entity.identifiers == (
        Identifier("inn", "7700000001"),
        Identifier("ogrn", "1027700000001"),
        Identifier("tax", "990001"),
        Identifier("registration", "R-77"),
    )
    assert entries(sample)[f"{ARMS}:NK-gull"].entity.identifiers == (
        Identifier("imo", "IMO9000001"),
        Identifier("mmsi", "273000001"),
        Identifier("call_sign", "UBQX1"),
        Identifier("registration", "V-1"),
    )


def test_papers_and_wallets_are_numbers_of_who_holds_them(sample: list[Item]) -> None:
    assert entries(sample)[f"{ARMS}:NK-ann"].entity.identifiers == (
        Identifier("passport", "P100"),
        Identifier("tax", "F-5"),
        Identifier("passport", "P200"),
        Identifier("wallet", "bc1example"),
    )


def test_countries_are_those_that_say_most_of_such_a_subject(sample: list[Item]) -> None:
    found = entries(sample)
    assert found[f"{ARMS}:NK-works"].entity.countries == ("ru", "ua")
    assert found[f"{ARMS}:NK-ann"].entity.countries == ("fr", "su")
    assert found[f"{ARMS}:NK-gull"].entity.countries == ("pa",)


def test_a_note_has_what_else_is_said_on_one_line(sample: list[Item]) -> None:
    found = entries(sample)
    assert found[f"{ARMS}:NK-works"].entity.note == (
        "Founded: 2002-01-02; Address: 1 Lens Street / 2 Prism Road; Build date: 1999; Topics: sanction"
    )
    assert found[f"{ARMS}:NK-ann"].entity.note == (
        "Born: 1970 / 1971-05-05; Place of birth: Lyon; Notes: First line second line"
    )


def test_a_sanction_is_a_listing_on_the_list_of_its_own_dataset(sample: list[Item]) -> None:
    assert entries(sample)[f"{SDN}:NK-works"].listings == (
        Listing(
            *(f"{SDN}:zx-sanction-1", f"{SDN}:NK-works", "OFAC", "Specially Designated Nationals", ("asset freeze",)),
            read_on="",
            source_ids=(f"{SDN}:opensanctions",),
            programme="ZX-ARMS; US-ZX",
            listed_on="2025-02-01",
            ended_on="2035",
            first_seen="2025-02-04",
            record_id="70001",
            reason="Executive Order 99999; Provides: Block / ZX-ARMS; Status: active",
            url="https://www.opensanctions.org/entities/NK-works/",
        ),
    )


def test_of_a_list_that_is_not_known_the_authority_is_as_published(sample: list[Item]) -> None:
    (act,) = entries(sample)[f"{ARMS}:NK-works"].listings
    assert (act.authority, act.list, act.record_id) == ("Example Arms Board", "zx_arms_register", "ZX/9")
    assert act.measures == ("travel ban", "transport restriction", "securities restriction")
    assert act.reason.startswith("Makes sights; Provides: ")


def test_the_screening_list_is_told_apart_into_the_lists_it_holds(sample: list[Item]) -> None:
    (act,) = entries(sample)[f"{CSL}:NK-works"].listings
    assert (act.authority, act.list, act.measures) == ("BIS", "Entity List", ("export licence requirement",))
    assert (act.legal_basis, act.record_id) == ("99 FR 12345", "zx-sanction-3")


def test_without_a_sanction_a_subject_is_on_record(sample: list[Item]) -> None:
    assert entries(sample)[f"{ARMS}:NK-gull"].listings == ()


def test_what_is_left_out_is_told_things_by_their_number(sample: list[Item]) -> None:
    assert [(one.where, one.why) for one in rejected(sample)] == [
        (f"{SAMPLE.name}, line 7 (zx-sanction-5)", "a Sanction that names no programme, authority or reason"),
        (f"{SAMPLE.name}, line 16 (NK-none)", "name is empty"),
        (SAMPLE.name, "1 CryptoWallet object: no subject of it is named"),
        (SAMPLE.name, "2 Ownership objects: relations are not kept"),
        (
            f"{SAMPLE.name}, line 6 (zx-sanction-4)",
            "its subject is not in this file, or of no kind that is kept",
        ),
    ]


def test_the_order_of_values_and_of_objects_makes_no_difference(tmp_path: Path, sample: list[Item]) -> None:
    objects = [json.loads(line) for line in SAMPLE.read_text("utf-8").splitlines()]
    for one in objects:
        one["properties"] = {name: values[::-1] for name, values in one["properties"].items()}
    random.Random(3).shuffle(objects)
    found = entries(list(opensanctions.read([write(tmp_path, *objects)])))
    assert {id: (one.entity, one.listings) for id, one in found.items()} == {
        id: (one.entity, one.listings) for id, one in entries(sample).items()
    }


def test_the_parts_of_a_subject_may_stand_in_another_file(tmp_path: Path, sample: list[Item]) -> None:
    lines = SAMPLE.read_text("utf-8").splitlines()
    paths = [write(tmp_path, *lines[1:], name="a.json"), write(tmp_path, lines[0], name="b.json")]
    found = entries(list(opensanctions.read(paths)))
    assert found[f"{SDN}:NK-works"].listings == entries(sample)[f"{SDN}:NK-works"].listings


def test_a_date_in_the_name_goes_before_that_of_the_newest_change(tmp_path: Path) -> None:
    items = opensanctions.read(
        [write(tmp_path, ONE | {"last_change": "2026-01-02T00:00:00"}, name="x_2026-02-03.json")]
    )
    assert [one.dataset.version for one in items if isinstance(one, Edition)] == ["2026-02-03"]


def test_a_gzipped_file_is_read_too(tmp_path: Path, sample: list[Item]) -> None:
    (tmp_path / "x.json.gz").write_bytes(gzip.compress(SAMPLE.read_bytes()))
    assert entries(list(opensanctions.read([tmp_path / "x.json.gz"]))).keys() == entries(sample).keys()


def test_odd_text_is_kept_as_text(tmp_path: Path) -> None:
    odd = {"caption": "=<b>\u0000Ann</b>", "properties": {"alias": ["x" * 100_000], "birthDate": ["long ago"]}}
    (one,) = entries(list(opensanctions.read([write(tmp_path, ONE | odd)]))).values()
    assert (one.entity.name, one.entity.note) == ("=<b> Ann</b>", "Born: long ago")
    assert len(one.entity.names[1].value) == 100_000


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('{"id": "a", "properties": {"name": [{}]}}', "Expected `str`, got `object`"),
        ('{"id": "two words", "schema": "Person"}', "id: 'two words' is not an id of 120 plain characters at most"),
        ('{"schema": "Person"}', "id: '' is not an id"),
        ('{"id": "a", "schema": "Person", "caption": "A"}', "datasets are empty"),
        ('{"id": ', "Input data was truncated"),
    ],
)
def test_an_object_that_cannot_be_read_is_left_out(tmp_path: Path, line: str, why: str) -> None:
    path = write(tmp_path, *[ONE] * 3, line, *[ONE] * 3)
    (one,) = rejected(list(opensanctions.read([path])))
    assert (one.where.startswith("entities.ftm.json, line 4"), why in one.why) == (True, True)


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        (("",), "is empty"),
        (("<!doctype html><p>{",), "is an HTML page"),
        (('{"id": }',), "line 1: is no object of FollowTheMoney: "),
        ((json.dumps(ONE), json.dumps(ONE)[:40]), "line 2: ends within an object: it is not whole"),
        (
            (json.dumps(ONE), "{}", json.dumps(ONE)),
            "1 of 3 records cannot be read, the first at entities.ftm.json, line 2",
        ),
        (('{"id": "a", "schema": "Family"}',), "has no record that can be taken; entities.ftm.json: 1 Family object"),
        ((json.dumps(ONE), json.dumps({"op": "DEL", "entity": {"id": "a"}})), "a delta is loaded by itself"),
    ],
)
def test_what_is_no_such_file_is_refused(tmp_path: Path, texts: tuple[str, ...], why: str) -> None:
    with pytest.raises(BadFile) as caught:
        list(opensanctions.read([write(tmp_path, *texts)]))
    assert why in str(caught.value)


@pytest.mark.skipif(not REAL.is_dir(), reason="the published files are not here")
def test_the_published_files_are_read_whole() -> None:
    objects = [json.loads(line) for line in (REAL / "zala.entities.ftm.json").read_text("utf-8").splitlines()]
    subjects = [one for one in objects if one["schema"] in ("Person", "Company")]
    items = list(opensanctions.read([REAL / "zala.entities.ftm.json"]))
    found = entries(items).values()
    assert len(found) == sum(len(one["datasets"]) for one in subjects)
    assert sum(len(one.listings) for one in found) == sum(one["schema"] == "Sanction" for one in objects)
    assert Counter(one.why.split()[1] for one in rejected(items)) == {"Ownership": 1, "Directorship": 1, "Family": 1}
    delta = list(opensanctions.read([REAL / "t2.entities.delta.json"]))
    assert (len(entries(delta)), rejected(delta)) == (41, [])
