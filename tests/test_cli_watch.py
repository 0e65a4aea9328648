"""The verb `watch` from outside: what it sets, shows, ends, writes out and refuses, with its exit statuses."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot import __main__ as cli
from bot.errors import UserError
from bot.mail import Outgoing
from bot.monitoring import Alert
from bot.store import outbox, watches
from bot.store.database import Database
from tests.conftest import NOW

ROOT = Path(__file__).parent.parent
CHANNEL = ("--channel", "C1", "--workspace", "T1")

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `watch` on each kind of database in turn: exit status, what was printed, what was complained of."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", url)

    def run(*arguments: str) -> tuple[int, str, str]:
        try:
            status = cli.main(("watch", *arguments))
        except SystemExit as end:
            status = int(end.code or 0)
        return status, *capsys.readouterr()

    return run


def add(run: Run, *arguments: str) -> str:
    """Has something be watched; the id of the watch."""
    status, out, _ = run("add", *arguments, "--json")
    assert status in (0, 1)
    return str(json.loads(out)["watch"]["id"])


def portfolio(*lines: str, name: str = "partners.csv") -> str:
    Path(name).write_text("\n".join(lines), "utf-8")
    return name


def test_a_watch_is_set_and_told_with_how_it_stands(run: Run) -> None:
    status, out, err = run("add", "大连机床", *CHANNEL, "--by", "ann")
    assert (status, err) == (0, "")
    assert "entity 大连机床 (starter:dalian-machine-tool) for C1, since" in out
    assert out.endswith(
        "by ann; now listed: General Technology Group Dalian Machine Tool Co., Ltd (starter:dalian-machine-tool)\n"
    )


def test_a_watch_as_json_says_what_was_found(run: Run) -> None:
    _, out, _ = run("add", "Wuhan Technology", "--json")
    told = json.loads(out)
    assert (told["watch"]["kind"], told["new"], told["status"], told["entity"]) == ("name", True, "no_record", None)
    assert "starter:wuhan-tongsheng" in {one["id"] for one in told["nearest"]}


@pytest.mark.parametrize(
    ("arguments", "kind", "label"),
    [
        (("SDN", "China"), "list", "SDN list, Chinese"),
        (("--list", "Entity List"), "list", "Entity List"),
        (("nitrocellulose",), "topic", "nitrocellulose"),
        (("--topic", "tungsten"), "topic", "tungsten"),
        (("--name", "SDN"), "name", "SDN"),
        (("--name", "iRay"), "name", "iRay"),
        (("--entity", "starter:yantai-iray"), "entity", "Yantai Iray Technology Co., Ltd"),
    ],
)
def test_anything_can_be_watched(run: Run, arguments: tuple[str, ...], kind: str, label: str) -> None:
    id = add(run, *arguments)
    _, out, _ = run("list", "--json")
    assert [(one["id"], one["kind"], one["label"], one["workspace"]) for one in json.loads(out)] == [
        (id, kind, label, "local")
    ]


def test_the_same_twice_is_one_watch(run: Run) -> None:
    id = add(run, "Acme Optics")
    status, out, _ = run("add", "acme optics")
    assert (status, out.startswith(f"{id} name Acme Optics"), "(it was watched already)" in out) == (0, True, True)


def test_a_name_that_may_be_several_is_asked_back_in_one_line(run: Run) -> None:
    status, out, err = run("add", "iRay")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "--entity starter:shanghai-iray (iRay Technology Company Limited, mentioned)" in err
    assert "--entity starter:yantai-iray" in err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "the following arguments are required: WHAT"),
        (("add",), "say one thing to watch"),
        (("add", "Acme", "--list", "SDN"), "say one thing to watch"),
        (("add", "Acme", "for", "me"), "is said with --channel ID or --user ID"),
        (("add", "--list", "Grey Goods"), "No stored list is called Grey Goods"),
        (("add", "--entity", "ofac:1"), "no stored entity with the id ofac:1"),
        (("add", "Acme", "--channel", "U1"), "--channel takes the id of a channel"),
        (("add", "Acme", "--channel", "C1", "--user", "U1"), "not allowed with"),
        (("add", "--portfolio", "none.csv"), "none.csv: cannot be read: there is no such file"),
        (("add", "Acme", "--portfolio", "none.csv"), "--portfolio stands alone"),
        (("add", "--label", "x", "Acme"), "say one thing to watch"),
        (("remove",), "say what is to be watched no longer"),
        (("remove", "w-1"), "w-1 is no watch, or it has ended"),
        (("remove", "w-1", "--all"), "say what is to be watched no longer"),
        (("export", "w-1"), "w-1 is no watch"),
        (("alerts", "--since", "soon"), "'soon' is not a time"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(run: Run, arguments: tuple[str, ...], says: str) -> None:
    status, out, err = run(*arguments)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert says in err


def test_whose_channel_it_is_must_be_known(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    status, _, err = run("add", "Acme", "--channel", "C1")
    assert (status, "say with --workspace ID" in err) == (3, True)
    monkeypatch.setenv("WORKSPACE", "T7")
    assert run("add", "Acme", "--channel", "C1")[0] == 0


def test_the_list_shows_all_or_those_of_a_place_and_if_wanted_those_that_ended(run: Run) -> None:
    assert run("list") == (0, "nothing is watched\n", "")
    one, other = add(run, "Acme Optics"), add(run, "Beta Optics", *CHANNEL)
    assert {line.split()[0] for line in run("list")[1].splitlines()} == {one, other}
    assert run("list", "--channel", "C1")[1].startswith(other)
    run("remove", other, "--by", "bob")
    assert other not in run("list")[1]
    assert "ended" in run("list", "--ended", "--workspace", "T1")[1]


def test_what_is_removed_is_watched_no_longer_and_can_be_watched_again(run: Run) -> None:
    one = add(run, "Acme Optics")
    status, out, _ = run("remove", one)
    assert (status, out.startswith(f"no longer watched: {one} name Acme Optics")) == (0, True)
    assert run("remove", one)[0] == 2
    assert add(run, "Acme Optics") != one


def test_all_of_a_place_can_be_removed_at_once(run: Run) -> None:
    mine = add(run, "Acme Optics")
    add(run, "Acme Optics", *CHANNEL)
    add(run, "SDN", *CHANNEL)
    assert run("remove", "--all", *CHANNEL)[1].count("no longer watched") == 2
    assert [one["id"] for one in json.loads(run("list", "--json")[1])] == [mine]
    assert run("remove", "--all", *CHANNEL) == (0, "nothing is watched\n", "")


def test_a_portfolio_with_rows_that_cannot_be_taken_needs_attention(run: Run) -> None:
    file = portfolio("name,country", "Acme,CN", ",CN", "Beta,XX")
    status, out, err = run("add", "--portfolio", file, *CHANNEL)
    assert (status, "portfolio partners, 2 names for C1" in out) == (1, True)
    assert err.splitlines() == [
        "partners.csv, line 3: name: is empty",
        "partners.csv, line 4: country: 'XX' is no country: neither a code of ISO 3166, like CN or CHN, nor a name, like "
        "China; watched without it",
    ]


def test_a_country_that_cannot_be_read_is_told_and_needs_no_attention(run: Run) -> None:
    status, out, err = run("add", "--portfolio", portfolio("name;country", "Acme;Atlantis", "Beta;China"), "--json")
    told = json.loads(out)
    assert (status, told["added"], told["rejected_rows"], told["lessened_rows"], err.count("\n")) == (0, 2, 0, 1, 1)
    assert told["lessened"][0]["where"] == "partners.csv, line 2"


def test_a_list_whose_official_file_is_not_loaded_is_watched_and_said_to_be_so(run: Run) -> None:
    status, out, _ = run("add", "SDN")
    assert (status, out.endswith("; not loaded: the official file of the SDN list\n")) == (0, True)
    told = json.loads(run("add", "SDN", "China", "--json")[1])
    assert (told["loaded"], told["lists"], told["absent"]) == (False, [], ["SDN list"])


def test_of_several_ids_one_of_which_is_none_nothing_is_removed_and_that_is_said(run: Run) -> None:
    one, other = add(run, "Acme Optics"), add(run, "Beta Optics")
    status, _, err = run("remove", one, "w-bad", other)
    assert (status, err) == (2, "w-bad is no watch, or it has ended; watch list shows all; nothing was removed\n")
    assert len(run("list")[1].splitlines()) == 2
    assert run("unwatch", one, other)[1].count("no longer watched") == 2


def test_a_newer_portfolio_takes_the_place_of_the_older(run: Run) -> None:
    id = add(run, "--portfolio", portfolio("name", "Acme", "Beta"))
    status, out, _ = run("add", "--portfolio", portfolio("name", "Beta", "Gamma", "Delta"))
    assert (status, out.startswith(f"{id} portfolio partners, 3 names")) == (0, True)
    assert out.endswith("; names: 2 new, 1 left out, 1 as before\n")
    other = portfolio("name", "Omega", name="other.csv")
    told = json.loads(run("add", "--portfolio", other, "--replace", id, "--json")[1])
    assert (told["watch"]["id"], told["new"], told["added"], told["removed"]) == (id, False, 1, 3)


def test_only_a_portfolio_can_be_replaced(run: Run) -> None:
    id = add(run, "Acme Optics")
    status, _, err = run("add", "--portfolio", portfolio("name", "Beta"), "--replace", id)
    assert (status, "is no portfolio" in err) == (2, True)


def test_all_that_is_watched_is_written_out(run: Run) -> None:
    ids = [
        add(run, *what)
        for what in (("DMTG",), ("Acme Optics",), ("SDN",), ("--portfolio", portfolio("name", "A", "B")))
    ]
    told = {one["watch"]: one for one in csv.DictReader(io.StringIO(run("export")[1]))}
    assert [(told[id]["kind"], told[id]["status"], told[id]["names"]) for id in ids] == [
        ("entity", "listed", ""),
        ("name", "no_record", ""),
        ("list", "", ""),
        ("portfolio", "", "2"),
    ]
    assert told[ids[0]]["listings"].startswith("designated by EU")


def test_the_names_of_a_portfolio_are_written_to_a_file_that_is_a_portfolio_again(run: Run) -> None:
    id = add(run, "--portfolio", portfolio("name,id", "大连机床,7", "Acme Optics,8"))
    assert run("export", id, "--out", "out.csv") == (0, "", "")
    rows = list(csv.DictReader(Path("out.csv").read_text("utf-8-sig").splitlines()))
    assert [(one["name"], one["id"], one["status"]) for one in rows] == [
        ("大连机床", "7", "listed"),
        ("Acme Optics", "8", "no_record"),
    ]
    status, _, err = run("export", id, "--out", "out.csv")
    assert (status, "out.csv is there already: --force writes it anew" in err) == (2, True)
    assert run("export", id, "--out", "out.csv", "--force")[0] == 0
    assert run("add", "--portfolio", "out.csv", "--replace", id)[1].endswith("0 new, 0 left out, 2 as before\n")


def test_a_file_stays_until_what_takes_its_place_is_whole(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise UserError("cut off")

    id = add(run, "--portfolio", portfolio("name", "Acme Optics"))
    Path("out.csv").write_text("before", encoding="utf-8")
    monkeypatch.setattr("bot.watchsheet.standing", broken)
    assert run("export", id, "--out", "out.csv", "--force")[0] == 2
    assert Path("out.csv").read_text(encoding="utf-8") == "before"
    assert run("export", id, "--out", "new.csv")[0] == 2
    assert not Path("new.csv").exists()


def test_a_file_that_cannot_be_written_is_one_line(run: Run) -> None:
    status, _, err = run("export", "--out", "no/such/folder.csv")
    assert (status, err) == (2, "no/such/folder.csv: cannot be written: No such file or directory\n")


@pytest.fixture
def alerted(run: Run, url: str) -> str:
    """A watch of a channel with two alerts: one that arrived and one of which that is not known."""
    id = add(run, "Acme Optics", *CHANNEL)
    with Database(url) as database, database.writing() as session:
        one = watches.watched(session, [id])[0]
        for number, state in enumerate(("sent", "unsettled")):
            key, at = f"alert:{id}:{number}", NOW + timedelta(days=number)
            before, after = {"status": "no_record"}, {"status": "listed"}
            watches.note(session, [Alert("T1", id, one.pk, "listed", at, at, before, after, f"r-{number}", key)])
            outbox.reserve(session, Outgoing(key, "T1", "C1", {}), at)
            outbox.settle(session, key, state, at, why="nobody heard" if state == "unsettled" else "")
    return id


def test_alerts_are_told_with_before_and_after_receipt_and_what_became_of_them(run: Run, alerted: str) -> None:
    status, out, _ = run("alerts")
    assert status == 1
    assert out.splitlines() == [
        f"2026-11-23 12:00Z {alerted} Acme Optics: listed, no_record → listed; receipt r-0; sent",
        f"2026-11-24 12:00Z {alerted} Acme Optics: listed, no_record → listed; receipt r-1; unsettled (nobody heard)",
    ]


def test_alerts_from_a_day_on_as_json(run: Run, alerted: str) -> None:
    told = json.loads(run("alerts", "--since", "2026-11-24", "--json")[1])
    assert [(one["watch"], one["receipt"], one["after"], one["state"]) for one in told] == [
        (alerted, "r-1", {"status": "listed"}, "unsettled")
    ]
    assert run("alerts", "--since", "2026-12-01") == (0, "nothing was told\n", "")
    assert run("alerts", "--channel", "C2") == (0, "nothing was told\n", "")


def test_alerts_of_some_watches_are_not_crowded_out_by_newer_ones_of_others(run: Run, url: str, alerted: str) -> None:
    other = add(run, "DMTG", *CHANNEL)
    with Database(url) as database, database.writing() as session:
        some = [Alert("T1", other, None, "source", NOW, NOW, {}, {}, "", f"alert:{number}") for number in range(3)]
        watches.note(session, some)
        told = watches.alerts(session, "T1", None, 2, [alerted])
        assert [one.watch_id for one in told] == [alerted, alerted]
        assert watches.alerts(session, "T1", None, 2, []) == []


def test_alerts_for_whoever_runs_the_bot_are_kept_to_be_read(run: Run, url: str) -> None:
    id = add(run, "Acme Optics")
    with Database(url) as database, database.writing() as session:
        watches.note(session, [Alert("local", id, None, "source", NOW, NOW, {}, {}, "r-0", "alert:x")])
    assert run("alerts") == (0, f"2026-11-23 12:00Z {id} Acme Optics: source; receipt r-0; kept\n", "")


@pytest.mark.parametrize("what", ["add", "list", "remove", "export", "alerts"])
def test_each_part_has_help_with_an_example(run: Run, what: str) -> None:
    status, out, _ = run(what, "--help")
    assert (status, f"example: python -m bot watch {what}" in " ".join(out.split())) == (0, True)


def test_it_runs_as_a_process_and_without_a_database_says_so(quick_url: str, tmp_path: Path) -> None:
    def process(url: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "bot", "watch", "add", "Acme", "Optics"]
        return subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)

    done = process(quick_url)
    assert (done.returncode, done.stderr) == (0, "")
    assert "name Acme Optics, since" in done.stdout
    missing = process(f"sqlite:///{tmp_path / 'none.db'}")
    assert (missing.returncode, missing.stdout, missing.stderr.count("\n")) == (3, "", 1)
