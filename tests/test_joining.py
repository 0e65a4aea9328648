"""Which records are one subject: by number, by full name, by entry; what keeps them apart; the same in any order."""

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import joining, joinkeys
from bot.joining import Decision, Joined, Record, partition
from bot.joinkeys import Key
from bot.matching.analysis import Analyser
from bot.records import Entity, Identifier, Listing, Name, Records

ORDER = ("ofac", "un", "eu", "uk", "csl", "opensanctions", "claims", "own")
SPECIMEN_USCC, OTHER_USCC = "91420100MA4F0QE59C", "914201000668186736"
"""Those of two firms of the starter records: they have right check digits."""


def entity(id: str, name: str, *others: str, kind: str = "Company", countries: str = "cn", **numbers: str) -> Entity:
    names = (Name(name, "primary"), *(Name(one, "alias") for one in others))
    held = tuple(Identifier(scheme, value) for scheme, value in numbers.items())
    return Entity(id, kind, name, names, tuple(countries.split()), held)


def listed(authority: str, list: str, record_id: str = "") -> Listing:
    return Listing("x", "x", authority, list, (), "", (), record_id=record_id)


class Table:
    """Joins entities the way a load does."""

    def __init__(self, analyser: Analyser) -> None:
        self.analyser = analyser

    def record(self, one: Entity, *acts: Listing) -> Record:
        acts = acts or (listed("A", one.id.partition(":")[0]),)
        seats = joining.seats(joining.dataset(one.id), "claims" if one.id.startswith("starter") else "", acts)
        keys = joinkeys.keys(self.analyser, one, acts)
        return Record(one.id, one.kind, frozenset(one.countries), keys, seats)

    def ids(self, *some: Entity | Record, decisions: tuple[Decision, ...] = ()) -> list[tuple[str, ...]]:
        return [one.ids for one in self.joined(*some, decisions=decisions)]

    def joined(self, *some: Entity | Record, decisions: tuple[Decision, ...] = ()) -> list[Joined]:
        return partition([self.record(one) if isinstance(one, Entity) else one for one in some], decisions, ORDER)


@pytest.fixture(scope="module")
def table(analyser: Analyser) -> Table:
    return Table(analyser)


def test_one_social_credit_code_is_one_firm_whatever_it_is_called(table: Table) -> None:
    some = entity("uk:1", "Tongsheng Kids Toys", tax=SPECIMEN_USCC), entity("ofac:2", "WUHAN T.", uscc=SPECIMEN_USCC)
    assert table.ids(*some) == [("ofac:2", "uk:1")]
    assert table.joined(*some)[0].edges[0][:2] == ("same_number", "uscc")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            entity("uk:1", "Aa Bb", kind="Vessel", imo="9306782"),
            entity("ofac:2", "Cc", kind="Vessel", imo="IMO 9306782"),
        ),
        (entity("uk:1", "Aa", lei="529900T8BM49AURSDO55"), entity("eu:2", "Bb", registration="529900T8BM49AURSDO55")),
        (
            entity("uk:1", "Aa", countries="ru", ogrn="1027700159497"),
            entity("eu:2", "Bb", tax="1027700159497", countries=""),
        ),
        (entity("uk:1", "Aa", isin="CNE100000PM8"), entity("eu:2", "Bb", isin="CNE 100000 PM8")),
        (entity("uk:1", "Aa", registration="HRB 12345"), entity("eu:2", "Bb", registration="HRB12345")),
        (entity("uk:1", "Aa", registration="12345678"), entity("eu:2", "Bb", registration="12345678", countries="")),
    ],
)
def test_other_numbers_that_are_given_out_once_join(table: Table, one: Entity, other: Entity) -> None:
    assert len(table.ids(one, other)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (entity("uk:1", "Aa", registration="12345678"), entity("eu:2", "Bb", registration="12345678", countries="de")),
        (entity("uk:1", "Aa", registration="12345"), entity("eu:2", "Bb", registration="12345", countries="")),
        (entity("uk:1", "Aa", tax="7734567890"), entity("eu:2", "Bb", tax="7734567890")),
        (
            entity("uk:1", "Aa", kind="Person", passport="AB123456"),
            entity("eu:2", "Bb", kind="Person", passport="AB123456"),
        ),
        (entity("uk:1", "Aa", imo="9306782"), entity("eu:2", "Bb", kind="Vessel", imo="9306782")),
        (entity("uk:1", "Aa", kind="Vessel", imo="0000000"), entity("eu:2", "Bb", kind="Vessel", imo="0000000")),
        (entity("uk:1", "Aa", ticker="002415.SZ"), entity("eu:2", "Bb", ticker="002415.SZ")),
        (entity("uk:1", "Aa", registration="123456"), entity("uk:2", "Bb", registration="123456")),
    ],
)
def test_weaker_numbers_join_nobody(table: Table, one: Entity, other: Entity) -> None:
    assert table.ids(one, other) == []


@pytest.mark.parametrize(
    ("name", "other", "countries"),
    [
        ("IRAY TECHNOLOGY CO., LTD.", "iRay Technology Company Limited", "cn"),
        ("Wuhan Tongsheng Technology Co Ltd", "WUHAN TONGSHENG TECHNOLOGY CO., LTD.", ""),
        ("ООО «Ромашка Плюс»", "Общество с ограниченной ответственностью Ромашка Плюс", "cn"),
        ("大連機床集團有限責任公司", "大连机床集团有限责任公司", ""),
        ("North China Research Institute of Electro-Optics", "NORTH CHINA RESEARCH INSTITUTE OF ELECTRO OPTICS", "cn"),
        ("Acme Import & Export LLC", "Acme Import and Export L.L.C.", "cn"),
    ],
)
def test_one_full_name_is_one_organisation(table: Table, name: str, other: str, countries: str) -> None:
    some = entity("uk:1", name), entity("ofac:2", other, kind="Organization", countries=countries)
    assert table.ids(*some) == [("ofac:2", "uk:1")]


@pytest.mark.parametrize(
    ("name", "other", "countries", "kind"),
    [
        ("Wuhan Tongsheng Technology Co Ltd", "Wuhan Tongsheng Technology LLC", "cn", "Company"),
        ("Wuhan Tongsheng Technology Co Ltd", "Wuhan Tongsheng Technology Co Ltd", "ru", "Company"),
        ("Wuhan Tongsheng Technology Co Ltd", "Wuhan Tongsheng Tech Co Ltd", "cn", "Company"),
        ("Vektor LLC", "Vektor LLC", "", "Company"),
        ("Huawei", "Huawei", "cn", "Company"),
        ("Machinery Trading LLC", "Machinery Trading LLC", "", "Company"),
        ("Ministry of Defense", "Ministry of Defense", "cn", "PublicBody"),
        ("大连机床", "大连机床", "cn", "Company"),
        ("Li Wei Min", "Li Wei Min", "cn", "Person"),
        ("Ocean Star Two", "Ocean Star Two", "cn", "Vessel"),
        (
            "North China Research Institute of Electro-Optics",
            "North China Research Institute of Electro-Optics",
            "",
            "Company",
        ),
    ],
)
def test_what_is_weaker_than_a_full_name_stays_apart(
    table: Table, name: str, other: str, countries: str, kind: str
) -> None:
    assert table.ids(entity("uk:1", name, kind=kind), entity("ofac:2", other, kind=kind, countries=countries)) == []


def test_weak_aliases_and_acronyms_join_nobody(table: Table) -> None:
    weak = replace(entity("uk:1", "Aa Bb"), names=(Name("Wuhan Tongsheng Technology Co Ltd", "weak_alias"),))
    assert table.ids(weak, entity("ofac:2", "Wuhan Tongsheng Technology Co Ltd")) == []


def test_a_publisher_holds_apart_what_bears_one_name_on_one_list(table: Table) -> None:
    name = "Wuhan Tongsheng Technology Co Ltd"
    assert table.ids(entity("uk:1", name), entity("uk:2", name)) == []
    on_lists = [
        table.record(entity("csl:1", name), listed("BIS", "Entity List")),
        table.record(entity("csl:2", name), listed("OFAC", "Specially Designated Nationals")),
    ]
    assert table.ids(*on_lists) == [("csl:1", "csl:2")]


def test_a_publisher_holds_apart_what_has_one_number_on_one_list(table: Table) -> None:
    some = entity("ofac:1", "Zz Works Ltd", uscc=SPECIMEN_USCC), entity("ofac:2", "Aa Trading Ltd", uscc=SPECIMEN_USCC)
    assert table.ids(*some) == []
    assert table.ids(*some, entity("uk:1", "Zz Works Ltd", uscc=SPECIMEN_USCC)) == [("ofac:1", "uk:1")]


def test_a_publisher_holds_apart_by_way_of_a_third_record_too(table: Table) -> None:
    name = "Wuhan Tongsheng Technology Co Ltd"
    assert table.ids(entity("uk:1", name), entity("uk:2", name), entity("ofac:3", name)) == [("ofac:3", "uk:1")]


def test_different_numbers_of_one_scheme_keep_one_name_apart(table: Table) -> None:
    one = entity("uk:1", "Wuhan Tongsheng Technology Co Ltd", uscc=SPECIMEN_USCC)
    other = entity("ofac:2", "Wuhan Tongsheng Technology Co Ltd", uscc=OTHER_USCC)
    assert table.ids(one, other) == []
    between = entity("eu:3", "Wuhan Tongsheng Technology Co Ltd")
    assert table.ids(one, other, between) == [("ofac:2", "eu:3")]


def test_a_copy_of_an_entry_is_the_entry_whatever_else_differs(table: Table) -> None:
    own = table.record(entity("ofac:7", "Aa Bb", kind="Vessel", imo="9306782"), listed("OFAC", "SDN", "7"))
    copy = table.record(entity("csl:x", "Cc", kind="Company", countries="ru"), listed("OFAC", "sdn", "7"))
    other_list = table.record(entity("csl:y", "Dd"), listed("OFAC", "Other", "7"))
    assert table.ids(own, copy, other_list) == [("ofac:7", "csl:x")]


def test_people_join_and_separate(table: Table) -> None:
    some = entity("uk:1", "Aa Bb Co Ltd", uscc=SPECIMEN_USCC), entity("ofac:2", "Cc Dd Co Ltd", uscc=OTHER_USCC)
    assert table.ids(*some, decisions=(Decision("join", "uk:1", "ofac:2", "registry"),)) == [("ofac:2", "uk:1")]
    same = entity("uk:1", "Aa", uscc=SPECIMEN_USCC), entity("ofac:2", "Bb", uscc=SPECIMEN_USCC)
    assert table.ids(*same, decisions=(Decision("separate", "uk:1", "ofac:2"),)) == []


def test_what_people_separate_stays_apart_by_way_of_others_too(table: Table) -> None:
    some = [entity(id, "Aa", uscc=SPECIMEN_USCC) for id in ("uk:1", "ofac:2", "eu:3")]
    assert table.ids(*some, decisions=(Decision("separate", "uk:1", "ofac:2"),)) == [("ofac:2", "eu:3")]


def test_the_firms_of_the_starter_records_stay_apart(table: Table, starter: Records) -> None:
    acts = {one.id: [act for act in starter.listings if act.entity_id == one.id] for one in starter.entities}
    records = [table.record(one, *acts[one.id]) for one in starter.entities]
    assert table.ids(*records) == []
    later = entity("ofac:48808", "YANTAI IRAY TECHNOLOGY CO LTD", "IRAY TECHNOLOGY CO LTD", uscc="91370600557897249A")
    assert table.ids(*records, later) == [("ofac:48808", "starter:yantai-iray")]


def test_the_institute_of_the_entity_list_is_that_of_the_starter_records(table: Table, starter: Records) -> None:
    name = "China Electronic Technology Group Corporation No. 11 Research Institute"
    alias = entity("csl:9", "CETC 11", "North China Research Institute of Electro-Optics", kind="Organization")
    ours = next(one for one in starter.entities if one.name == name)
    assert table.ids(ours, alias) == [("csl:9", "starter:cetc-11")]
    assert table.ids(ours, entity("csl:9", name)) == [("csl:9", "starter:cetc-11")]


def test_publishers_come_before_copies_and_copies_before_what_people_wrote() -> None:
    ids = ["starter:a", "desk:a", "opensanctions-x:a", "csl:a", "own:a", "uk:a", "ofac:a"]
    ranked = sorted(ids, key=lambda id: joining.rank(id, ORDER))
    assert ranked == ["ofac:a", "uk:a", "own:a", "csl:a", "opensanctions-x:a", "desk:a", "starter:a"]


VALUES = st.sampled_from(["a", "b", "c"])
KEYS = st.one_of(
    st.builds(lambda value: Key("same_number", "uscc", value, value), VALUES),
    st.builds(lambda value: Key("same_number", "registration", value, value), VALUES),
    st.builds(lambda value, first: Key("same_name", "anywhere", value, value, first), VALUES, st.booleans()),
    st.builds(lambda value: Key("same_record", "", value, value), VALUES),
)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Record], list[Decision]]:
    ids = [f"{list}:{number}" for list in ("ofac", "uk", "csl") for number in range(draw(st.integers(0, 3)))]
    records = [_drawn(draw, id) for id in ids]
    pairs = st.tuples(st.sampled_from(ids or ["x"]), st.sampled_from(ids or ["x"]))
    wanted = draw(st.dictionaries(pairs, st.sampled_from(["join", "separate"]), max_size=3))
    return records, [Decision(kind, *sorted(pair)) for pair, kind in wanted.items() if pair[0] < pair[1]]


def _drawn(draw: st.DrawFn, id: str) -> Record:
    keys = {key.text: key for key in draw(st.lists(KEYS, max_size=3))}
    countries = draw(st.frozensets(st.sampled_from(["cn", "ru"]), max_size=2))
    kind = draw(st.sampled_from(["Company", "Organization", "Vessel"]))
    return Record(id, kind, countries, tuple(keys.values()), frozenset({(id.partition(":")[0], "", "")}))


@given(worlds(), st.randoms())
@settings(max_examples=300, deadline=None)
def test_the_order_of_records_changes_nothing(world: tuple[list[Record], list[Decision]], order: random.Random) -> None:
    records, decisions = world
    first = partition(records, decisions, ORDER)
    shuffled: tuple[list[Any], list[Any]] = (records[:], decisions[:])
    for some in shuffled:
        order.shuffle(some)
    assert partition(*shuffled, ORDER) == first


@given(worlds())
@settings(max_examples=300, deadline=None)
def test_nobody_is_of_two_subjects_and_no_rule_is_broken(world: tuple[list[Record], list[Decision]]) -> None:
    records, decisions = world
    found = partition(records, decisions, ORDER)
    members = [id for one in found for id in one.ids]
    assert len(members) == len(set(members))
    for one in found:
        assert len(one.edges) >= len(one.ids) - 1
        assert not any(each.kind == "separate" and {each.one, each.other} <= set(one.ids) for each in decisions)
