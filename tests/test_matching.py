"""Names: what matches whom and why, what matches nobody, and what holds for any name."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching.analysis import Analyser
from bot.matching.index import Index, decide
from bot.matching.score import MATCH, SHOW, compare
from bot.records import IndexedName, Records

MEANS = {
    "dalian-machine-tool": [
        *(
            "Dalian Machine Tool",
            "dalian machine tools",
            "Dalian Machine Tool Group Corporation",
            "dalain machine tool",
        ),
        *("大连机床", "大連機床", "大连机床集团", "通用技术集团大连机床有限责任公司", "DMTG", "Machine Tool Dalian"),
    ],
    "dalian-machine-tool-import-export": [
        "Dalian Machine Tool Import and Export",
        "通用技术集团大连机床进出口有限公司",
    ],
    "hikvision": [
        "Hikvision",
        "hik vision",
        "HIKVISION",
        "Hikvison",
        "Hangzhou Hikvision",
        "海康威视",
        "海康威視",
        "CNE100000PM8",
    ],
    "wuhan-global-sensor": [
        "Wuhan Global Sensor",
        "Wuhan Global Sensor Technology Co., Ltd",
        "GSTiR",
        "武汉高芯",
        "Wuhan Gaoxin",
    ],
    "wuhan-tongsheng": [
        "Tongsheng",
        "Wuhan Tongsheng",
        "WUHAN TONGSHENG TECHNOLOGY",
        "Wuhan Tong Sheng Technology",
        "Wuhan Tongsehng",
    ],
    "yantai-iray": ["Yantai iRay", "烟台艾睿", "艾睿光电", "Yantai Airui"],
    "shanghai-iray": ["Shanghai iRay", "688301.SS", "奕瑞科技"],
    "cetc-11": [
        "NCRIEO",
        "North China Research Institute of Electrooptics",
        "华北光电技术研究所",
        "中国电子科技集团公司第十一研究所",
    ],
}
MEANS_NOBODY = [
    *("Wuhan Technology", "Technology Co., Ltd.", "Technology", "Dalian Tool", "Dalian", "Machine Tool", "Co., Ltd."),
    *(
        "South China Research Institute of Electro-Optics",
        "China Research Institute of Electro-Optics",
        "Research Institute",
    ),
    *("Shenyang Machine Tool", "Global Sensor", "CETC 12th Research Institute", "中国电子科技集团公司第十二研究所"),
    *("武汉科技有限公司", "沈阳机床", "Acme Hikvision Trading", "Dalian Ocean University", "🙂", "…", "a"),
]


@pytest.fixture(scope="module")
def index(analyser: Analyser, starter: Records) -> Index:
    names = [IndexedName(one.id, name.value, name.kind) for one in starter.entities for name in one.names]
    numbers = [
        IndexedName(one.id, number.value, "identifier") for one in starter.entities for number in one.identifiers
    ]
    return Index.of(analyser, [*names, *numbers])


@pytest.mark.parametrize(("asked", "id"), [(name, id) for id, names in MEANS.items() for name in names])
def test_a_name_means_one_firm(index: Index, asked: str, id: str) -> None:
    assert [one.entity_id for one in decide(index.match(asked))] == [f"starter:{id}"]


@pytest.mark.parametrize("asked", MEANS_NOBODY)
def test_a_name_without_what_tells_firms_apart_means_nobody(index: Index, asked: str) -> None:
    assert decide(index.match(asked)) == []


@pytest.mark.parametrize(
    "asked", ["iRay", "iRay Technology", "IRAY TECHNOLOGY CO., LTD.", "iRay Technology Company Limited"]
)
def test_a_name_that_two_firms_bear_means_both(index: Index, asked: str) -> None:
    assert {one.entity_id for one in decide(index.match(asked))} == {"starter:yantai-iray", "starter:shanghai-iray"}


@pytest.mark.parametrize(
    ("asked", "stored", "code"),
    [
        ("South China Optics Works", "North China Optics Works", "veto_direction"),
        ("Quillon 11th Works", "Quillon 12th Works", "veto_number"),
        ("Shenyang Quillon Works", "Dalian Quillon Works", "veto_place"),
        ("Quilxlon Works", "Quillon Works", "typo"),
        ("Quilon Works", "Quillon Works", "spelling"),
        ("Quill on Works", "Quillon Works", "joined"),
        ("大连机床", "Dalian Machine Tool", "reading"),
        ("Quillon Works GmbH", "Quillon Works Ltd", "legal_form"),
        ("Dalian Technology", "Dalian Quillon Technology", "not_distinctive"),
        ("艾瑞科技", "艾睿科技", "homophone"),
        ("Quillon Trading", "Quillon Traders", "variant"),
        ("Quillon, LLC", "quillon llc", "exact"),
        ("Quillon", "Quillon LLC", "exact_words"),
        ("АО Рособоронэкспорт", "ООО Рособоронэкспорт", "legal_form"),
        ("Dalian Machine Tool 2", "Dalian Machine Tool", "other_number"),
        ("Elena II", "Elena I", "veto_number"),
    ],
)
def test_a_score_says_why(analyser: Analyser, asked: str, stored: str, code: str) -> None:
    score = compare(analyser.analyse(asked), analyser.analyse(stored))
    assert code in [reason.code for reason in score.reasons]


def test_broken_list_names_have_no_identity(analyser: Analyser) -> None:
    for name in ("Joint Stock Company", "Company Limited", "Group"):
        assert compare(analyser.analyse(name), analyser.analyse(name)).value == 0


@pytest.mark.parametrize("name", ["Volga Group", "BIO CORPORATION", "I&S HOLDING COMPANY, S.A.", "A A TRADING FZCO"])
def test_a_name_that_says_little_is_found_by_the_whole_of_it(analyser: Analyser, name: str) -> None:
    assert compare(analyser.analyse(name), analyser.analyse(name)).value == 1


def test_cyrillic_legal_forms_are_no_look_alikes(analyser: Analyser) -> None:
    assert analyser.analyse("ООО Рособоронэкспорт").masked == ()


def test_a_place_in_brackets_is_part_of_the_name(analyser: Analyser) -> None:
    assert len(analyser.readings("Huawei Technologies (New Zealand) Limited")) == 1


def test_initials_in_brackets_are_a_name_where_they_are_those_of_the_name(analyser: Analyser) -> None:
    assert len(analyser.readings("North China Research Institute of Electro-Optics (NCRIEO)")) == 3
    assert len(analyser.readings("10th Research Institute of China Electronic Technology Group (CETC)")) == 1


def test_a_final_sigma_is_shown_as_written(analyser: Analyser) -> None:
    assert analyser.analyse("ΑΘΗΝΑΣ").words[0].written == "αθηνας"


def test_one_name_of_a_person_is_near_and_no_match(analyser: Analyser) -> None:
    stored = analyser.analyse("Vladimir Vladimirovich Putin", "Person")
    assert SHOW <= compare(analyser.analyse("Putin", "Person"), stored).value < MATCH


NAMES = st.text(max_size=40) | st.lists(
    st.sampled_from(
        "Wuhan Dalian Quillon Technology 大连 机床 第十一 Research Institute Co Ltd ООО завод No 11 & -".split()
    ),
    max_size=8,
).map(" ".join)


@settings(deadline=None)
@given(NAMES, NAMES)
def test_any_two_names_score_between_0_and_1_with_a_reason(analyser: Analyser, one: str, other: str) -> None:
    score = compare(analyser.analyse(one), analyser.analyse(other))
    assert 0 <= score.value <= 1
    assert score.reasons or score.value == 0


@settings(deadline=None)
@given(NAMES)
def test_any_name_with_identity_is_itself(analyser: Analyser, name: str) -> None:
    score = compare(analyser.analyse(name), analyser.analyse(name))
    assert score.value in (0, 1)


@settings(deadline=None)
@given(NAMES)
def test_every_match_shown_has_a_reason(index: Index, name: str) -> None:
    assert all(one.reasons for one in index.match(name))
