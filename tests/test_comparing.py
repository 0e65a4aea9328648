"""The verb `compare`: how alike two names are, without a database."""

import csv
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import __main__ as cli
from bot import comparing
from bot.matching.analysis import Analyser
from bot.matching.score import compare_texts
from bot.reply import Words
from bot.unfinished import Unfinished

PAIRS = (
    ("Dalian Machine Tool", "大连机床", "Company"),
    ("Vladimir Putin", "PUTIN, Vladimir", "person"),
    ("Wuhan Technology", "Wuhan Tongsheng Technology", ""),
    ("China North Industries", "China South Industries", "organization"),
)
Verb = Callable[..., tuple[int, str, str]]


def listed(folder: Path, text: str) -> Path:
    file = folder / "pairs.csv"
    file.write_text(text, "utf-8")
    return file


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture
def compare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Verb:
    """Compares into `out.csv`, without any database: exit status, what was printed, what was complained of."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}")

    def run(file: Path, *options: object) -> tuple[int, str, str]:
        status = cli.main(["compare", str(file), "--out", str(tmp_path / "out.csv"), *map(str, options)])
        return status, *capsys.readouterr()

    return run


def test_a_pair_gets_its_score_and_the_reasons(
    compare: Verb, analyser: Analyser, phrases: Words, tmp_path: Path
) -> None:
    text = "name1,name2,schema\n" + "".join(f'{one},"{other}",{schema}\n' for one, other, schema in PAIRS)
    assert compare(listed(tmp_path, text))[0] == 0
    found = rows(tmp_path / "out.csv")
    expected = [compare_texts(analyser, *pair[:2], {"person": "Person"}.get(pair[2], pair[2])) for pair in PAIRS]
    assert [row["score"] for row in found] == [f"{one.value:.3f}" for one in expected]
    assert [row["match"] for row in found] == ["true", "true", "false", "false"]
    assert [row["reasons"] for row in found] == ["; ".join(map(phrases.reason, one.reasons)) for one in expected]


def test_two_workers_keep_the_order(compare: Verb, tmp_path: Path) -> None:
    file = listed(tmp_path, "name1,name2,no\n" + "".join(f"Acme {n},Acme {n},{n}\n" for n in range(900)))
    assert compare(file, "--workers", 2)[0] == 0
    assert [row["no"] for row in rows(tmp_path / "out.csv")] == [str(n) for n in range(900)]


def test_it_goes_on_where_it_was_cut_off(compare: Verb, tmp_path: Path) -> None:
    file, out = listed(tmp_path, "name1,name2\n" + "Acme,Acme Ltd\n" * 50), tmp_path / "out.csv"
    compare(file)
    whole = out.read_bytes()
    Unfinished(out, resume=False).keep(comparing.basis(hashlib.sha256(file.read_bytes()).hexdigest()))
    out.write_bytes(whole[:1000])
    assert (compare(file, "--resume")[0], out.read_bytes()) == (0, whole)


def test_a_pair_that_cannot_be_read_is_named(compare: Verb, tmp_path: Path) -> None:
    status, out, err = compare(listed(tmp_path, "name1,name2,schema\nAcme,,\nAcme,Acme,robot\nAcme,Acme,\n"), "--json")
    assert (status, json.loads(out)["matches"], err.count("\n")) == (1, {"true": 1}, 2)
    assert "line 2: name2: is empty" in err
    assert "line 3: schema: 'robot' is no kind of subject" in err


@pytest.mark.parametrize("header", ["name1,name", "name2", "name1,name2,score", ""])
def test_another_table_is_refused(compare: Verb, tmp_path: Path, header: str) -> None:
    status, out, err = compare(listed(tmp_path, f"{header}\nx,y,z\n" if header else ""))
    assert (status, out, err.count("\n"), (tmp_path / "out.csv").exists()) == (2, "", 1, False)


def test_all_that_is_added_is_in_the_header(compare: Verb, tmp_path: Path) -> None:
    compare(listed(tmp_path, "name1,name2\n"))
    assert (tmp_path / "out.csv").read_text() == ",".join((*comparing.NEEDS, *comparing.ADDS)) + "\n"
