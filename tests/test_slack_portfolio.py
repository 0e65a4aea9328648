"""A portfolio as people bring it into Slack, by a file or pasted, and what is watched as they take it out."""

import csv
import io
from collections.abc import Iterator

import pytest

from bot.reply import Words
from tests.conftest import NOW
from tests.fakes import FakeSlack, View
from tests.slackside import Bot

DALIAN = "watch Dalian Machine Tool"


def watched(bot: Bot) -> list[tuple[str, str, str, str]]:
    """What is watched: kind, label, channel, person."""
    return bot.rows('SELECT kind, label, channel, "user" FROM watch WHERE ended_at IS NULL ORDER BY set_at, label')


@pytest.fixture
def filing_bot(quick_url: str, slack: FakeSlack, phrases: Words, brisk: None) -> Iterator[Bot]:
    """One that may read and send files."""
    slack.scopes = (*slack.scopes, "files:read", "files:write")
    with Bot(slack, quick_url, NOW, phrases) as one:
        yield one


def test_the_export_comes_to_the_asker_alone_as_files(filing_bot: Bot) -> None:
    filing_bot.command(DALIAN)
    first, sheet = filing_bot.tell(filing_bot.people.command("watch export"))
    assert (first.channel, first.text.partition(":")[0]) == ("D1", "What is watched")
    assert (sheet.channel, sheet.thread_ts) == ("D1", first.ts)
    (file,) = sheet.files
    header, row = csv.reader(io.StringIO((file.data or b"").decode("utf-8-sig")))
    assert dict(zip(header, row, strict=True))["label"] == "Dalian Machine Tool"


def test_where_files_may_not_be_sent_the_export_is_text_and_names_the_other_way(bot: Bot) -> None:
    bot.command(DALIAN)
    said = bot.command("watch export")
    assert said.ephemeral_to == "U1"
    assert "Dalian Machine Tool, for this channel" in said.text
    assert "python -m bot watch export" in said.text


def test_there_is_nothing_to_export_where_nothing_is_watched(bot: Bot) -> None:
    assert "nothing to export" in bot.command("watch export").text


def form(bot: Bot, said: str = "watch portfolio") -> View:
    bot.tell(bot.people.command(said))
    return bot.slack.views[-1]


def test_a_file_of_names_is_watched_and_bad_rows_are_told_by_their_lines(filing_bot: Bot) -> None:
    rows = "name,id,kind\nDalian Machine Tool,1,company\n,2,company\nAcme Optics,3,teapot\nAcme Optics,4,company\n"
    file = filing_bot.slack.upload("clients.csv", rows.encode())
    rejected, notice = sorted(
        filing_bot.tell(filing_bot.people.submits(form(filing_bot), [file], name="Clients")),
        key=lambda one: one.channel,
        reverse=True,
    )
    assert notice.channel == "C1"
    assert notice.text.startswith("Watching the portfolio Clients (2 names)")
    assert rejected.channel == "D1"
    assert "clients.csv, line 3" in rejected.text
    assert "clients.csv, line 4" in rejected.text
    assert watched(filing_bot) == [("portfolio", "Clients", "C1", "")]


def test_rows_that_are_watched_without_their_country_are_told_and_the_channel_hears_of_the_others(bot: Bot) -> None:
    text = "Company;country\nDalian Machine Tool;China\n;China\nAcme Optics;Atlantis"
    told, notice = sorted(
        bot.tell(bot.people.submits(form(bot), name="Few", text=text, channel="C1")),
        key=lambda one: one.channel,
        reverse=True,
    )
    assert "1 row of the file could not be taken and is not watched" in notice.text
    assert "looked up within minutes, and told then" in notice.text
    assert "1 row of Few could not be taken" in told.text
    assert "1 row of Few is watched without what could not be read" in told.text
    assert "line 4: country: 'Atlantis' is no country" in told.text
    assert bot.rows("SELECT name, country FROM watched ORDER BY number") == [
        ("Dalian Machine Tool", "cn"),
        ("Acme Optics", ""),
    ]


def test_names_can_be_pasted_and_their_lines_are_as_the_person_sees_them(bot: Bot) -> None:
    note = bot.people.submits(form(bot), name="Few", text="Acme Optics\nDalian Machine Tool\nAcme Optics", channel="C1")
    assert "line 3: is the same as line 1" in " ".join(one.text for one in bot.tell(note))
    assert bot.rows("SELECT name FROM watched ORDER BY number") == [("Acme Optics",), ("Dalian Machine Tool",)]


def test_a_form_sent_off_twice_is_one_portfolio(each_bot: Bot) -> None:
    note = each_bot.people.submits(form(each_bot), name="Few", text="Acme Optics")
    assert len(each_bot.tell(note, note)) == 1
    assert len(watched(each_bot)) == 1


def test_the_same_portfolio_again_is_exchanged(bot: Bot) -> None:
    bot.tell(bot.people.submits(form(bot), name="Few", text="Acme Optics\nAcme Lenses"))
    (notice,) = bot.tell(bot.people.submits(form(bot), name="Few", text="Acme Optics\nAcme Prisms"))
    assert "1 new, 1 no longer in it, 1 as before" in notice.text


def test_a_form_with_neither_file_nor_names_says_so(bot: Bot) -> None:
    (said,) = bot.tell(bot.people.submits(form(bot), name="Few"))
    assert said.channel == "D1"
    assert "neither a file nor a name" in said.text


def test_without_the_scope_for_files_the_form_asks_for_names_alone(bot: Bot) -> None:
    shown = form(bot)
    assert "file_input" not in shown.text
    assert "files:read" in shown.text


def test_a_portfolio_asked_for_in_a_message_is_offered_by_a_button(bot: Bot) -> None:
    offer = bot.direct("watch portfolio")
    bot.press(offer, "watch_upload")
    assert bot.slack.views[-1].content["callback_id"] == "watch_portfolio"


@pytest.fixture
def strict_bot(quick_url: str, slack: FakeSlack, phrases: Words, brisk: None) -> Iterator[Bot]:
    """One where nobody watches for channels."""
    with Bot(slack, quick_url, NOW, phrases, channel_watchers=()) as one:
        yield one


def test_who_may_not_watch_for_channels_is_not_asked_for_one(strict_bot: Bot) -> None:
    shown = form(strict_bot)
    assert "conversations_select" not in shown.text
    (said,) = strict_bot.tell(strict_bot.people.submits(shown, name="Few", text="Acme Optics"))
    assert said.channel == "D1"
    assert watched(strict_bot) == [("portfolio", "Few", "", "U1")]
