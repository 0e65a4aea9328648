"""Watches where people of other companies are (Slack Connect), and what others overhear: who may, and what is told."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import watchexport
from bot.records import PUBLIC
from bot.reply import Words
from bot.store import watches
from bot.store.database import Database
from tests.conftest import NOW
from tests.fakes import FakeSlack, Note, Posted
from tests.files import SMALL
from tests.slackside import KNOWN, Bot, buttons
from tests.watched import WORKSPACE, Watchers

DALIAN = "watch Dalian Machine Tool"
DEAL = "Secret Deal Ltd"
REFUSED = "Only people of the company that has me may watch"


def watched(bot: Bot) -> list[tuple[str, str, str]]:
    """What is watched: label, channel, person."""
    return bot.rows('SELECT label, channel, "user" FROM watch WHERE ended_at IS NULL ORDER BY set_at, label')


def elsewhere(note: Note, team: str = "TOTHER") -> Note:
    """The same, done by somebody of another company."""
    done_by = note.payload.get("event") or note.payload["user"]
    done_by["user_team" if "event" in note.payload else "team_id"] = team
    return note


def sheets(some: list[Posted]) -> dict[str, list[dict[str, str]]]:
    """The files of messages, as rows by what their names begin with."""
    files = [file for one in some for file in one.files]
    texts = {file.name.partition("-")[0]: (file.data or b"").decode("utf-8-sig") for file in files}
    return {name: list(csv.DictReader(io.StringIO(text))) for name, text in texts.items()}


# Who reads the reply


def test_a_watch_for_me_that_is_asked_for_aloud_tells_outsiders_nothing(fresh_bot: Bot, tmp_path: Path) -> None:
    fresh_bot.load(tmp_path, SMALL, "T1")
    reply = fresh_bot.mention("watch Acme Optics for me", shared=True)
    assert reply.channel == "D1"
    assert "Today: NAMED IN REPORTING" in reply.text


@pytest.fixture
def filing_bot(quick_url: str, slack: FakeSlack, phrases: Words, brisk: None) -> Iterator[Bot]:
    """One that may send files."""
    slack.scopes = (*slack.scopes, "files:write")
    with Bot(slack, quick_url, NOW, phrases) as one:
        yield one


@pytest.mark.parametrize(("shared", "status"), [(True, "no_record"), (False, "named")])
def test_an_export_asked_for_where_outsiders_are_rests_on_what_all_may_see(
    filing_bot: Bot, tmp_path: Path, shared: bool, status: str
) -> None:
    filing_bot.load(tmp_path, SMALL, "T1")
    filing_bot.mention("watch Acme Optics")
    found = sheets(filing_bot.tell(filing_bot.people.mention("C1", "watch export", shared=shared)))
    assert [row["status"] for row in found["watches"]] == [status]


def test_what_was_seen_with_the_workspaces_eyes_is_in_no_export_for_others(database: Database, tmp_path: Path) -> None:
    one = Watchers(database, tmp_path)
    one.claims(SMALL, WORKSPACE)
    one.watch("portfolio", names=[("Acme Optics",), ("Nobody Ltd",)])
    told = {}
    with database.reading() as session:
        some = watches.active(session, WORKSPACE)
        for sees in (PUBLIC, WORKSPACE):
            known = one.desk.know(session, sees)
            _, portfolio, *_ = watchexport.files(session, known, one.desk.words, some, "1", one.now)
            rows = csv.DictReader(io.StringIO(portfolio.data.decode("utf-8-sig")))
            told[sees] = [row["last_status"] for row in rows]
    assert told == {PUBLIC: ["", ""], WORKSPACE: ["named", "no_record"]}


# Who is of another company


@pytest.mark.parametrize(
    "said", [f"watch {DEAL}", f"watch {DEAL} for me", "unwatch all", "watch", "watch export", "watch portfolio"]
)
def test_people_of_other_companies_set_end_and_see_no_watches(bot: Bot, said: str) -> None:
    bot.mention(DALIAN, shared=True)
    before = watched(bot)
    (reply,) = bot.tell(elsewhere(bot.people.mention("C1", said, user="U2", shared=True)))
    assert REFUSED in reply.text
    assert "Dalian" not in reply.text
    assert watched(bot) == before


def test_people_of_other_companies_are_answered(bot: Bot) -> None:
    (reply,) = bot.tell(elsewhere(bot.people.mention("C1", KNOWN, user="U2", shared=True)))
    assert "Dalian Machine Tool" in reply.text


@pytest.mark.parametrize("action", ["watch_1", "unwatch"])
def test_people_of_other_companies_press_no_button_of_a_watch(bot: Bot, action: str) -> None:
    answer, notice = bot.mention(KNOWN, shared=True), bot.mention("watch Hikvision", shared=True)
    where = next(one for one in (answer, notice) if action in buttons(one))
    (reply,) = bot.tell(elsewhere(bot.people.press(where, action, buttons(where)[action], user="U2")))
    assert REFUSED in reply.text
    assert reply.ephemeral_to == "U2"
    assert [label for label, _, _ in watched(bot)] == ["Hikvision"]


def test_people_of_other_companies_send_no_form_off(bot: Bot) -> None:
    bot.tell(bot.people.command("watch portfolio"))
    (reply,) = bot.tell(elsewhere(bot.people.submits(bot.slack.views[-1], name="Few", text="Acme Optics")))
    assert REFUSED in reply.text
    assert watched(bot) == []


def test_people_of_other_companies_have_no_home(bot: Bot) -> None:
    note = elsewhere(bot.people.opens_home("U3"))
    note.payload["is_ext_shared_channel"] = True
    bot.tell(note)
    assert bot.slack.home("U3") is None


# What others overhear


@pytest.mark.parametrize("said", ["watch", "watch export", "unwatch Hikvision", f"unwatch {DEAL}"])
def test_ones_own_watches_are_not_told_in_public(bot: Bot, said: str) -> None:
    bot.command(DALIAN)
    bot.command(f"watch {DEAL} for me")
    reply = bot.mention(said)
    assert "Dalian Machine Tool" in reply.text
    assert DEAL not in reply.text.replace(said.removeprefix("unwatch "), "")
    assert len(watched(bot)) == 2


def test_ones_own_watches_are_ended_where_nobody_else_hears_which_there_are(bot: Bot) -> None:
    bot.command(f"watch {DEAL} for me")
    reply = bot.mention("unwatch Hikvision for me")
    assert "use /exposure or a direct message" in reply.text
    assert DEAL not in reply.text
    assert bot.command(f"unwatch {DEAL}").text.startswith("No longer watched")


# Which watch a button ends


def test_a_button_ends_no_watch_of_another_channel(bot: Bot) -> None:
    bot.slack.invite("C2")
    other = bot.command(DALIAN, channel="C2")
    here = bot.command("watch Hikvision")
    forged = bot.people.press(here, "unwatch", buttons(here)["unwatch"])
    forged.payload["actions"][0]["value"] = buttons(other)["unwatch"]
    (reply,) = bot.tell(forged)
    assert "no such watch" in reply.text
    assert len(watched(bot)) == 2


def test_out_of_channels_a_button_ends_what_ones_home_shows(bot: Bot) -> None:
    notice = bot.command(DALIAN)
    for user in ("U7", "U1"):
        mine = bot.direct(KNOWN, user=user)
        note = bot.people.press(mine, "watch_1", buttons(mine)["watch_1"], user=user)
        note.payload["actions"][0] |= {"action_id": "unwatch", "value": buttons(notice)["unwatch"]}
        bot.tell(note)
    assert bot.rows("SELECT ended_by FROM watch") == [("U1",)]


# An exchanged portfolio


def test_where_the_channel_cannot_hear_of_an_exchange_its_asker_does(fresh_bot: Bot) -> None:
    for names in ("Acme Optics\nAcme Lenses", "Acme Optics\nAcme Prisms"):
        fresh_bot.tell(fresh_bot.people.command("watch portfolio"))
        told = fresh_bot.tell(fresh_bot.people.submits(fresh_bot.slack.views[-1], name="Few", text=names))
        fresh_bot.slack.remove("C1")
    assert [(one.channel, one.text.partition(" ")[0]) for one in told] == [("D1", "Exchanged:")]
