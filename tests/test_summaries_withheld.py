"""A summary that waits while people of other companies come to read its channel."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.reply import Words
from bot.store import channels
from bot.store.database import Database
from tests.fakes import FakeSlack
from tests.files import SMALL
from tests.summing import Paper, subscribe
from tests.test_digest import MORNING, SINCE, load
from tests.withholding import Sending

MANY = "".join(
    f"  - {{id: part{number}, subjects: [acme], stance: alleges, category: optics, statement: sells part {number},"
    f" asserted_by: Witness {number}, stated: 2026-11-20, origin: ministry, sources: [paper]}}\n"
    for number in range(40)
)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def paper(database: Database, phrases: Words, tmp_path: Path) -> Paper:
    """A channel of colleagues, with news of their own and news for all to be told on the first morning."""
    subscribe(database)
    read_by(database, outsiders=False)
    load(database, tmp_path, SMALL, SINCE + HOUR, "T1")
    load(database, tmp_path, (SMALL + MANY).replace("desk", "open").replace("lenses", "mirrors"), SINCE + HOUR)
    return Paper(database, phrases)


def read_by(database: Database, *, outsiders: bool) -> None:
    with database.writing() as session:
        channels.seen(session, "T1", "C1", outsiders, SINCE)


def test_it_is_not_sent_and_the_next_tells_what_all_may_see(paper: Paper, slack: FakeSlack) -> None:
    sending = Sending(paper, slack)
    paper.at(MORNING, None)
    read_by(paper.database, outsiders=True)
    sending.all()
    assert slack.messages == []
    paper.at(MORNING + DAY, None)
    sending.all()
    said = "\n".join(one.text for one in slack.messages)
    assert "mirrors" in said
    assert "lenses" not in said


def test_what_stands_below_it_is_not_sent_either_and_told_by_the_next(paper: Paper, slack: FakeSlack) -> None:
    sending = Sending(paper, slack)
    paper.at(MORNING, None)
    sending.one()
    read_by(paper.database, outsiders=True)
    sending.all()
    assert [bool(one.parent) for one in paper.posts()][:2] == [False, True]
    assert len(slack.messages) == 1
    paper.at(MORNING + DAY, None)
    sending.all()
    said = "\n".join(one.text for one in slack.messages[1:])
    assert all(f"sells part {number}" in said for number in range(40))
    assert "lenses" not in said


def test_one_that_tells_only_what_all_may_see_is_sent(paper: Paper, slack: FakeSlack) -> None:
    sending = Sending(paper, slack)
    read_by(paper.database, outsiders=True)
    paper.at(MORNING, None)
    sending.all()
    assert slack.messages
