"""What a row of the results of `screen` says: what was matched or was not, why, the law and the reporting."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import __main__ as cli
from bot import countries, kinds
from bot.batches import CHUNK, FIRST, size
from bot.errors import UserError
from tests.conftest import Desk
from tests.screened import listed, rows

Verb = Callable[..., tuple[int, str, str]]


@pytest.fixture
def screen(quick_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Verb:
    """Screens on SQLite into `out.csv`: exit status, what was printed, what was complained of."""
    monkeypatch.setenv("DATABASE_URL", quick_url)
    monkeypatch.setenv("INDEX_FOLDER", str(tmp_path / "index"))

    def run(file: Path, *options: object) -> tuple[int, str, str]:
        status = cli.main(["screen", str(file), "--out", str(tmp_path / "out.csv"), *map(str, options)])
        return status, *capsys.readouterr()

    return run


def test_a_row_says_what_was_matched_and_why(screen: Verb, tmp_path: Path) -> None:
    screen(listed(tmp_path, "name,country\nNCRIEO,ru\n"))
    (row,) = rows(tmp_path / "out.csv")
    assert (row["entity_id"], row["record_ids"], row["score"]) == ("starter:cetc-11", "cetc-11", "1.000")
    assert (
        row["reasons"] == "the stored name “NCRIEO” exactly; an acronym it is known by; another country (ru, stored cn)"
    )
    assert row["listings"].startswith("added to the Entity List by BIS: export licence requirement, since 2015-07-28")
    assert row["claims"].startswith(
        "alleges — Senior U.S. officials: optics, 2024-04-12; no response in stored sources"
    )


def test_a_denial_stands_beside_what_it_denies(screen: Verb, tmp_path: Path) -> None:
    screen(listed(tmp_path, "name\nYantai Iray Technology Co Ltd\n"))
    claims = rows(tmp_path / "out.csv")[0]["claims"]
    assert claims.startswith(
        "alleges (contested) — Senior U.S. officials: optics, 2024-04-12; denies — Shanghai-listed iRay"
    )


def test_candidates_are_there_for_what_is_not_one_entity_too(screen: Verb, tmp_path: Path) -> None:
    screen(listed(tmp_path, "name\niRay\nBeijing Hikvision Optics\n"))
    both, nearest = (json.loads(row["candidates"]) for row in rows(tmp_path / "out.csv"))
    assert {one["id"] for one in both} == {"starter:yantai-iray", "starter:shanghai-iray"}
    assert (nearest[0]["id"], nearest[0]["record_ids"]) == ("starter:hikvision", ["30946"])
    assert nearest[0]["score"] < 0.5


def test_of_an_ambiguous_name_each_candidate_is_told(screen: Verb, tmp_path: Path) -> None:
    screen(listed(tmp_path, "name,country\niRay,us\n"))
    (row,) = rows(tmp_path / "out.csv")
    assert (row["status"], row["entity_id"], row["matched_name"], row["score"]) == ("ambiguous", "", "", "")
    assert row["reasons"].startswith("fits 2 records about equally well; ")
    assert "iRay Technology Company Limited (MENTIONED, contested) — the same words: iray; " in row["reasons"]
    assert "Yantai Iray Technology Co., Ltd (LISTED, contested) — the same words: iray; " in row["reasons"]
    assert row["reasons"].count("; another country (us, stored cn)") == 2


def test_of_an_ambiguous_name_the_law_and_both_sides_are_told(screen: Verb, tmp_path: Path) -> None:
    screen(listed(tmp_path, "name\niRay\n"))
    (row,) = rows(tmp_path / "out.csv")
    law = "Yantai Iray Technology Co., Ltd — designated by OFAC (Specially Designated Nationals): asset freeze, since 2024-05-01"
    assert row["listings"].startswith(law)
    said = (
        "alleges (contested) — Senior U.S. officials: optics, 2024-04-12; denies — Shanghai-listed iRay Technology Co."
    )
    for name in ("Yantai Iray Technology Co., Ltd", "iRay Technology Company Limited"):
        assert f"{name} — {said}" in row["claims"]


def test_what_fits_nothing_says_the_nearest_and_why_it_is_not_meant(screen: Verb, tmp_path: Path) -> None:
    screen(listed(tmp_path, "name\nWuhan Technology\n12th Research Institute of CETC\nqqqqq\n"))
    vague, other, nothing = (row["reasons"] for row in rows(tmp_path / "out.csv"))
    name = "nearest: Wuhan Global Sensor Technology Co. Ltd (“Wuhan Gaoxin Technology Co., Ltd”) — "
    assert vague.startswith(
        f"{name}only the place and the sector agree; what tells the stored name from others is missing"
    )
    assert "Research Institute (“CETC 11th Research Institute”) — number 12th is not 11th; the same words: " in other
    assert nothing == "nothing that is stored is near"


def test_a_number_with_a_wrong_check_digit_is_told(screen: Verb, desk: Desk, tmp_path: Path) -> None:
    screen(listed(tmp_path, "name\nINN 7707083894\nUSCC 91330000733796106P\n"))
    wrong, right = rows(tmp_path / "out.csv")
    assert (wrong["status"], wrong["candidates"]) == ("no_record", "[]")
    assert wrong["reasons"].startswith("7707083894 is not a valid INN")
    assert (right["status"], right["entity_id"]) == ("listed", "starter:hikvision")


def test_what_cannot_be_said_says_why(screen: Verb, tmp_path: Path) -> None:
    screen(listed(tmp_path, "name\nAcme Optics\n"), "--as-of", "2020")
    (row,) = rows(tmp_path / "out.csv")
    assert row["status"] == "cannot_say"
    assert row["reasons"].startswith("Nothing fits, but the stored records do not reach back to 2020-12-31")


def test_a_subject_of_another_kind_is_told(screen: Verb, tmp_path: Path) -> None:
    screen(listed(tmp_path, "name,kind\nHikvision,ship\nHikvision,organization\nHikvision,\n"))
    ship, organization, either = (row["reasons"] for row in rows(tmp_path / "out.csv"))
    assert ship.endswith("; another kind of subject (vessel, stored company)")
    assert "another kind" not in organization + either


def test_a_country_that_is_none_is_named_with_its_line(screen: Verb, tmp_path: Path) -> None:
    status, _, err = screen(listed(tmp_path, "name,country\nHikvision,XX\nHikvision,CN\nHikvision,China\n"))
    assert (status, err.count("\n")) == (1, 1)
    assert "names.csv, line 2: country: 'XX' is no country: neither a code of ISO 3166" in err
    assert [row["status"] for row in rows(tmp_path / "out.csv")] == ["", "listed", "listed"]


def test_country_codes_are_read_in_any_case_and_as_people_use_them() -> None:
    assert [countries.country(code) for code in (" Gb ", "UK", "su", "", "chn", "PRK")] == [
        *("gb", "gb", "su", "", "cn", "kp")
    ]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        *(
            ("China", "cn"),
            ("中国", "cn"),
            ("United States", "us"),
            ("U.S.", "us"),
            ("Türkiye", "tr"),
            ("Viet Nam", "vn"),
        ),
        *(
            ("Korea, Republic of", "kr"),
            ("Congo, Democratic Republic of the", "cd"),
            ("Taiwan, Province of China", "tw"),
        ),
    ],
)
def test_countries_are_read_by_their_names(said: str, code: str) -> None:
    assert countries.country(said) == code


@pytest.mark.parametrize("said", ["XX", "Atlantis", "n/a", "-", "Georgia, USA", "China; Iran"])
def test_what_is_no_country_or_more_than_one_is_refused(said: str) -> None:
    with pytest.raises(UserError, match=f"^'{said}' is no country"):
        countries.country(said)


def test_kinds_that_publishers_mix_are_one() -> None:
    assert kinds.alike("PublicBody") == ("PublicBody", "Company", "Organization")
    assert (kinds.alike("Person"), kinds.alike(kinds.ANY)) == (("Person",), ())


def test_the_first_rows_are_written_soon_and_later_ones_together() -> None:
    assert [size(given) for given in (0, FIRST, 400, 10_000)] == [FIRST, FIRST, 100, CHUNK]
