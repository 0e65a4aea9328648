"""Claims files: what is read, and what is refused with file, line and reason."""

import contextlib
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import intake
from bot.errors import BadFile
from bot.lists import claims
from bot.records import Records
from tests.files import SMALL, write

README = Path(__file__).parent.parent / "bot" / "starter" / "README.md"

REFUSALS = [
    ("stance: alleges", "stance: accuses", 11, "'accuses' is not one of alleges, confirms, denies, reports, retracts"),
    ("stated: 2026-11-19", "stated: 19.11.2026", 15, "is not a date like 2024, 2024-04 or 2024-04-12"),
    ("stated: 2026-11-19", "stated: 2026-02-30", 15, "is not a date"),
    ("https://example.org/a", "javascript:alert(1)", 3, "is not an http or https URL"),
    ("    category: optics\n", "", 9, "lacks the required field `category`"),
    ("    category: optics\n", "    category: optics\n    colour: red\n", 9, "has an unknown field `colour`"),
    ("subjects: [acme]", "subjects: [akme]", 10, "there is no 'akme' among the entities"),
    ("sources: [paper]", "sources: []", 17, "sources is empty"),
    ("sources: [paper]", "sources: paper", 17, "Expected `array`"),
    ("id: lenses", "id: Lenses!", 9, "is not an id of a-z, 0-9 and hyphens"),
    ("kind: Company", "kind: Firm", 7, "is not one of Company, Organization"),
    ("countries: [cn]", "countries: [China]", 7, "is not a country code"),
    ("    stance: alleges\n", "    stance: alleges\n    stance: denies\n", 12, "repeats the key 'stance'"),
    ("subjects: [acme]", "possible_subjects: [acme]", 9, "possible_subjects has one entity"),
    ("stance: alleges", "stance: retracts", 9, "needs `answers`"),
    ("[{value: 埃克梅光学}]", "[&a {value: 埃克梅光学}, *a]", 7, "uses an alias (*)"),
    ("origins:", "origins: [", 5, "is not YAML"),
]


def refusal(folder: Path, text: str) -> BadFile:
    with pytest.raises(BadFile) as caught:
        claims.read([write(folder, text)])
    return caught.value


@pytest.mark.parametrize(("old", "new", "line", "why"), REFUSALS, ids=[row[3] + " " + row[1] for row in REFUSALS])
def test_a_file_that_breaks_a_rule_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, why: str
) -> None:
    assert old in SMALL
    error = refusal(tmp_path, SMALL.replace(old, new, 1))
    assert why in str(error)
    assert (Path(error.file).name, error.line) == ("desk.yaml", line)


@pytest.mark.parametrize("text", ["", "[]", "just words", "{" * 5000, "- " * 5000, "a: " + "[" * 3000 + "]" * 3000])
def test_what_is_no_claims_file_is_refused(tmp_path: Path, text: str) -> None:
    assert "desk.yaml" in str(refusal(tmp_path, text))


def test_a_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(BadFile, match="cannot be read: No such file"):
        claims.read([Path("nowhere.yaml")])


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes(b"\xff\xfe\x00binary")
    with pytest.raises(BadFile, match="is not UTF-8 text"):
        claims.read([tmp_path / "x.yaml"])


def test_an_id_that_stands_in_two_files_of_a_dataset_is_refused(tmp_path: Path) -> None:
    one, two = write(tmp_path, SMALL, "one.yaml"), write(tmp_path, SMALL, "two.yaml")
    with pytest.raises(BadFile, match=r"two.yaml, line 3: sources: the id 'paper' is there already"):
        claims.read([one, two])


def test_a_dataset_may_not_take_a_name_of_ours(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="the dataset id 'starter' is taken"):
        intake.read_claims([write(tmp_path, SMALL.replace("id: desk", "id: starter"))])


def test_values_are_kept_as_text(tmp_path: Path) -> None:
    (records,) = claims.read(
        [write(tmp_path, SMALL.replace("statement: sells lenses used in military sights", "statement: NO"))]
    )
    assert records.claims[0].statement == "NO"


def test_the_example_of_the_format_is_a_claims_file(tmp_path: Path) -> None:
    found = re.search(r"```yaml\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert found
    assert len(claims.read([write(tmp_path, found[1])])[0].claims) == 1


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.integers(0, len(SMALL) - 1), st.text(max_size=4))
def test_any_slip_of_the_pen_is_read_or_refused(tmp_path: Path, place: int, slip: str) -> None:
    text = SMALL[:place] + slip + SMALL[place + 1 :]
    file = write(tmp_path, text.encode("utf-8", "ignore").decode())
    with contextlib.suppress(BadFile):
        assert claims.read([file])


def test_the_starter_holds_the_six_firms_and_their_namesakes(starter: Records) -> None:
    assert {one.id.partition(":")[2] for one in starter.entities} == {
        *("dalian-machine-tool", "dalian-machine-tool-import-export", "hikvision", "wuhan-global-sensor"),
        *("wuhan-tongsheng", "yantai-iray", "shanghai-iray", "cetc-11"),
    }


def test_every_claim_of_the_starter_has_a_source_with_a_url(starter: Records) -> None:
    urls = {one.id: one.url for one in starter.sources}
    used = [one.source_ids for one in starter.claims] + [one.source_ids for one in starter.listings]
    assert all(ids and all(urls[id].startswith("https://") for id in ids) for ids in used)


def test_the_starter_tells_both_outlets_figures_of_one_briefing(starter: Records) -> None:
    figures = [one for one in starter.claims if one.category == "microelectronics"]
    assert {one.period for one in figures} == {"2023-Q4", "2023"}
    assert len({one.origin_id for one in figures}) == 1
