"""Identifiers: which are found in a text and where, which are wrong, and what only looks like one."""

import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import imo, isin
from stdnum.cn import uscc
from stdnum.iso7064 import mod_97_10
from stdnum.ru import inn, ogrn

from bot.matching.identifiers import CHECKED, Found, find, key, schemes

CHECKED_AND_BARE = {
    "914201000668186736": "uscc",
    "91420100MA4F0QE59C": "uscc",
    "９１４２０１０００６６８１８６７３６": "uscc",
    "9142 0100 0668 1867 36": "uscc",
    "914201-00-066818673-6": "uscc",
    "213800KUD8LAJWSQ9D15": "lei",
    "2138 00KU D8LA JWSQ 9D15": "lei",
    "CNE100000PM8": "isin",
    "us0378331005": "isin",
    "US 037833100 5": "isin",
    "9074729": "imo",
    "7707083893": "inn",
    "500100732259": "inn",
    "1027700132195": "ogrn",
    "304500116000157": "ogrnip",
}
LABELLED = {
    "IMO 9074729": ("imo", "9074729"),
    "IMO9074729": ("imo", "9074729"),
    "IMO No. 9074729": ("imo", "9074729"),
    "IMO ٩٠٧٤٧٢٩": ("imo", "9074729"),
    "INN: 7707083893": ("inn", "7707083893"),
    "ИНН 7707 083 893": ("inn", "7707083893"),
    "ИНН организации: 7707083893": ("inn", "7707083893"),
    "ОГРН № 1027700132195": ("ogrn", "1027700132195"),
    "OGRN 1 02 77 00 13219 5": ("ogrn", "1027700132195"),
    "LEI code 213800KUD8LAJWSQ9D15": ("lei", "213800KUD8LAJWSQ9D15"),
    "USCC 9142 0100 0668 1867 36": ("uscc", "914201000668186736"),
    "统一社会信用代码：914201000668186736": ("uscc", "914201000668186736"),
    "税号为91420100MA4F0QE59C": ("uscc", "91420100MA4F0QE59C"),
    "ISIN: CNE1 0000 0PM8": ("isin", "CNE100000PM8"),
    "reg. no. 914201000668186736": ("uscc", "914201000668186736"),
}
LABELLED_WITHOUT_CHECK = {
    "SWIFT SABRRUMM": ("bic", "SABRRUMM"),
    "swift code: sabrrumm": ("bic", "SABRRUMM"),
    "SWIFT/BIC DEUT DE FF": ("bic", "DEUTDEFF"),
    "MMSI 273456789": ("mmsi", "273456789"),
    "reg. no. 01234567": ("registration", "01234567"),
    "Reg. No. HRB 12345": ("registration", "HRB12345"),
    "VAT DE 123 456 789": ("registration", "DE123456789"),
    "EIN 12-3456789": ("registration", "123456789"),
    "organisationsnummer 556056-6258": ("registration", "5560566258"),
    "注册号：440301103097413": ("registration", "440301103097413"),
    "股票代码：002415": ("ticker", "002415"),
}
UNLABELLED_WITHOUT_CHECK = {
    "688301.SS": ("ticker", "688301.SS"),
    "002415 CN": ("ticker", "002415.CN"),
    "0700.HK": ("ticker", "0700.HK"),
    "SSE: 688301": ("ticker", "688301.SS"),
    "SZ002415": ("ticker", "002415.SZ"),
    "CHASUS33": ("bic", "CHASUS33"),
    "SABRRUMM": ("bic", "SABRRUMM"),
    "SC123456": ("registration", "SC123456"),
    "556056-6258": ("registration", "5560566258"),
    "CHE-123.456.789": ("registration", "CHE123456789"),
    "201912345K": ("registration", "201912345K"),
    "91420100MA4F0QE59D": ("registration", "91420100MA4F0QE59D"),
}
WRONG = {
    "USCC 914201000668186735": "uscc",
    "LEI 213800KUD8LXJWSQ9D15": "lei",
    "IMO 9074720": "imo",
    "ИНН 7707083890": "inn",
    "INN 770708389": "inn",
    "ISIN CNE100000PM9": "isin",
    "OGRN 1027700132190": "ogrn",
}
NONE = [
    *("in 2024", "on 2024-04-30", "20240430", "30.04.2024", "2023-10/2023-12", "2023-2024", "12/2024", "FY2023/24"),
    *("Q4 2023", "2023-Q4", "Q4-2023", "90 %", "70%", "1260H", "Section 1260H", "No. 11", "reg. no. 11", "CETC 11"),
    *("$100000", "USD 100000", "100000 USD", "RMB12345678", "12,345,678", "1234567 million", "12345678元", "3.14159"),
    *("+86 10 6552 9988", "+7 495 1234567", "(495) 123-45-67", "555-123-4567", "tel. 7707083893", "13812345678"),
    *("010-65529988", "84951234567", "电话 65529988"),
    *(
        "E.O. 14024",
        "EO 13662",
        "Regulation (EU) 833/2014",
        "2022/1269",
        "89 FR 12345",
        "P.L. 115-232",
        "EU-833-2014",
        "ISO 3166-1",
        "AP-2024-04-12",
        "HS 854231",
        "IMO 2020 rules",
    ),
    *(
        "12345 drones",
        "300000",
        "192.168.10.10",
        "50000mAh",
        "Shahed-136",
        "XC7K325T",
        "STM32F407VGT6",
        "5000 HK dollars",
    ),
    *("2024 HK sanctions", "SHANGHAI BIREN", "ENGINEERING", "Deutdeff", "Taylor Swift business", "swift decision"),
    *("IMO 2024-04-30", "registration 2024-04-30", "is Dalian Machine Tool flagged?", "大连机床被制裁了吗", ""),
]


def only(text: str) -> Found:
    (found,) = find(text)
    return found


@pytest.mark.parametrize("written", CHECKED_AND_BARE)
def test_a_number_with_a_right_check_digit_is_found_without_a_label(written: str) -> None:
    text = f"is {written} flagged?"
    found = only(text)
    assert (found.scheme, found.value) == (CHECKED_AND_BARE[written], key(written).upper())
    assert text[found.start : found.end] == written
    assert found.is_checked
    assert not found.is_labelled


@pytest.mark.parametrize("written", LABELLED)
def test_a_label_belongs_to_the_span(written: str) -> None:
    text = f"and {written}, as of 2024-04-30"
    found = only(text)
    assert (found.scheme, found.value) == LABELLED[written]
    assert text[found.start : found.end] == written
    assert found.is_checked
    assert found.is_labelled


@pytest.mark.parametrize("written", LABELLED_WITHOUT_CHECK)
def test_a_label_tells_what_a_number_without_check_digit_is(written: str) -> None:
    found = only(f"is {written} flagged")
    assert (found.scheme, found.value) == LABELLED_WITHOUT_CHECK[written]
    assert (found.start, found.end) == (3, 3 + len(written))
    assert (found.is_labelled, found.is_checked, found.is_wrong) == (True, False, False)


@pytest.mark.parametrize("written", UNLABELLED_WITHOUT_CHECK)
def test_tickers_codes_and_registrations_are_found_by_form(written: str) -> None:
    found = only(f"is {written} flagged")
    assert (found.scheme, found.value) == UNLABELLED_WITHOUT_CHECK[written]
    assert (found.start, found.end) == (3, 3 + len(written))
    assert (found.is_labelled, found.is_checked, found.is_wrong) == (False, False, False)


@pytest.mark.parametrize("written", WRONG)
def test_a_labelled_number_with_a_wrong_check_digit_or_length_is_found_as_wrong(written: str) -> None:
    found = only(f"is {written} flagged")
    assert (found.scheme, found.start, found.is_checked, found.is_wrong) == (WRONG[written], 3, False, True)


@pytest.mark.parametrize("written", NONE)
def test_what_only_looks_like_an_identifier_is_not_found(written: str) -> None:
    assert find(written) == []
    assert find(f"what of {written} then") == []


def test_several_are_found_in_their_order() -> None:
    text = "ИНН/КПП 7707083893/773601001, ОГРН 1027700132195; 688301.SS and IMO 9074729"
    assert [(one.scheme, one.value) for one in find(text)] == [
        ("inn", "7707083893"),
        ("ogrn", "1027700132195"),
        ("ticker", "688301.SS"),
        ("imo", "9074729"),
    ]


def test_words_beside_a_number_do_not_become_part_of_it() -> None:
    assert only("INN 7707083893 20 firms").value == "7707083893"
    assert only("is 7707083893 1").value == "7707083893"


def test_a_right_number_wins_over_a_longer_wrong_one() -> None:
    assert only("is VAT00000000000000058 listed").scheme == "lei"
    assert only("Is IMO reg. no. 9074729 listed").scheme == "imo"


def test_a_key_has_no_case_spaces_punctuation_or_full_width() -> None:
    assert key(" 9142-0100 ma4f.0qe5／9C ") == "91420100ma4f0qe59c"
    assert key("６８８３０１．ＳＳ") == key("688301.ss") == "688301ss"
    assert [key(text) for text in ("", "Hikvision", "1234", "No. 1", "CETC")] == ["", "", "", "", ""]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("914201000668186736", ("uscc", "registration")),
        ("914201000668186735", ("registration",)),
        ("IMO 9074729", ("imo", "registration")),
        ("0700.HK", ("ticker", "registration")),
        ("273456789", ("mmsi", "registration")),
        ("SABRRUMM", ("bic",)),
        ("CHASUS33", ("bic", "registration")),
        ("Shanghai", ()),
        ("", ()),
    ],
)
def test_a_bare_value_tells_the_schemes_it_fits(value: str, expected: tuple[str, ...]) -> None:
    assert schemes(value) == expected


@pytest.mark.parametrize("value", ["309565808600188", "304500116000157"])
def test_the_check_digit_of_an_entrepreneur_is_the_last_of_the_remainder(value: str) -> None:
    assert schemes(value) == ("ogrnip", "registration")


def test_a_question_without_digits_costs_next_to_nothing() -> None:
    began = time.process_time()
    for _ in range(1000):
        find("is Dalian Machine Tool flagged as of last month?")
    assert time.process_time() - began < 0.5


def digits(length: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=length, max_size=length)


def signs(alphabet: str, length: int) -> st.SearchStrategy[str]:
    return st.text(alphabet, min_size=length, max_size=length)


CAPITALS = string.digits + string.ascii_uppercase
VALID = st.one_of(
    st.builds(lambda one, two: one + two, digits(8), signs("0123456789ABCDEFGHJKLMNPQRTUWXY", 9)).map(
        lambda base: ("uscc", base + uscc.calc_check_digit(base))
    ),
    signs(CAPITALS, 18).map(lambda base: ("lei", base + mod_97_10.calc_check_digits(base))),
    signs(CAPITALS, 9).map(lambda base: ("isin", isin.from_natid("CN", base))),
    digits(6).map(lambda base: ("imo", base + imo.calc_check_digit(base))),
    digits(9).map(lambda base: ("inn", base + inn.calc_company_check_digit(base))),
    digits(10).map(lambda base: ("inn", base + inn.calc_personal_check_digits(base))),
    digits(11).map(lambda base: ("ogrn", f"1{base}" + ogrn.calc_check_digit(f"1{base}0"))),
    digits(13).map(lambda base: ("ogrnip", f"3{base}" + str(int(f"3{base}") % 13)[-1])),
)


@given(VALID)
def test_every_valid_number_is_found_with_and_without_its_label(valid: tuple[str, str]) -> None:
    scheme, value = valid
    for text in (f"about {value}, please", f"about {scheme.upper()} {value}, please", value, f"武汉{value}的"):
        found = only(text)
        assert (found.scheme, found.value, found.is_checked) == (scheme, value, True)
    assert scheme in schemes(value)
    assert scheme in CHECKED


TEXTS = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(
            [*LABELLED, *WRONG, *NONE, *UNLABELLED_WITHOUT_CHECK, "IMO", "ИНН", "SWIFT", " ", "-", ".", "/"]
        ),
        digits(7),
        signs(CAPITALS + " -.", 20),
        VALID.map(lambda valid: valid[1]),
    ),
    max_size=8,
).map("".join)


@given(TEXTS)
def test_spans_are_inside_any_text_in_order_and_apart(text: str) -> None:
    found = find(text)
    ends = [0, *(one.end for one in found)]
    assert all(end <= one.start < one.end <= len(text) for end, one in zip(ends, found, strict=False))
    assert all(one.value and one.is_checked <= (one.scheme in CHECKED) for one in found)
    assert all(one.scheme == "bic" or key(one.value) or len(one.value) == 4 for one in found)
