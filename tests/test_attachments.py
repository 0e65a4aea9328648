"""Files that go out with messages: pictures in them, sheets below them; left out where Slack takes none; none twice."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from bot.errors import Missing, UserError
from bot.mail import Attachment, Outgoing
from bot.slack import Slack
from bot.store.database import Database
from tests.fakes import FakeSlack, Fault
from tests.sending import DAILY, POST, SECTION, Post
from tests.slackside import rows

ANNOUNCE, COMPLETE, UPLOAD = "files.getUploadURLExternal", "files.completeUploadExternal", "upload"

PICTURE = Attachment("picture", "weeks-C1.png", "Six weeks", b"\x89PNG not really", "Two added, one removed.")
SHEET = Attachment("sheet", "day-C1.csv", "All of it", b"name,list\nAcme,ofac\n")

WEEKLY = replace(DAILY, payload={**DAILY.payload, "blocks": [SECTION]}, attachment=PICTURE)
REST = replace(
    DAILY,
    key="daily:1:9",
    parent=DAILY.key,
    payload={"channel": "C1", "text": "Acme &amp; Co."},
    attachment=SHEET,
)


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.slack.TIMEOUT", 0.3)
    monkeypatch.setattr("bot.delivery.PROCESSING", (0.1, 0.2))


@pytest.fixture
def each_post(slack: FakeSlack, database: Database) -> Post:
    """On each kind of database in turn; files may be uploaded, and channels read."""
    slack.scopes = (*slack.scopes, "files:write", "channels:history")
    return Post(slack, database)


@pytest.fixture
def post(slack: FakeSlack, quick_url: str) -> Iterator[Post]:
    slack.scopes = (*slack.scopes, "files:write", "channels:history")
    with Database(quick_url) as one:
        yield Post(slack, one)


def kinds(post: Post, number: int = 0) -> list[str]:
    return [block["type"] for block in post.slack.messages[number].blocks]


def test_a_picture_stands_in_its_message_with_what_it_shows_in_words(each_post: Post) -> None:
    each_post.send(WEEKLY)
    (said,) = each_post.slack.messages
    shown = said.blocks[1]
    assert (kinds(each_post), shown["alt_text"], shown["title"]["text"]) == (
        ["section", "image"],
        PICTURE.alt,
        "Six weeks",
    )
    file = each_post.slack.files[shown["slack_file"]["id"]]
    assert (file.data, file.name, each_post.ending(WEEKLY)) == (PICTURE.data, PICTURE.name, ("sent", ""))
    assert rows(each_post.database, "SELECT attachment FROM outbox") == [(None,)]


@pytest.mark.parametrize(("processing", "expected"), [(0.15, ["section", "image"]), (60, ["section"])])
def test_a_picture_is_waited_for_and_not_for_ever(post: Post, processing: float, expected: list[str]) -> None:
    post.slack.processing = processing
    post.send(WEEKLY)
    assert (kinds(post), post.said, post.ending(WEEKLY)[0]) == (expected, ["A summary"], "sent")


def test_without_the_scope_a_message_goes_without_its_picture(post: Post) -> None:
    post.slack.scopes = tuple(scope for scope in post.slack.scopes if scope != "files:write")
    post.send(WEEKLY)
    assert (kinds(post), post.ending(WEEKLY)[0]) == (["section"], "sent")


@pytest.mark.parametrize("method", [ANNOUNCE, COMPLETE])
def test_a_picture_that_slack_does_not_take_is_left_out(post: Post, method: str) -> None:
    post.slack.next(method, Fault.refusal("file_upload_size_restricted"))
    post.send(WEEKLY)
    assert (kinds(post), post.ending(WEEKLY)[0]) == (["section"], "sent")


@pytest.mark.parametrize("method", [ANNOUNCE, UPLOAD, COMPLETE])
@pytest.mark.parametrize("fault", [Fault.error(500), Fault.drop_before(), Fault.hang(0.5, takes=False)])
@pytest.mark.parametrize("one", [WEEKLY, replace(REST, parent="")])
def test_an_upload_that_fails_is_done_again(post: Post, method: str, fault: Fault, one: Outgoing) -> None:
    post.slack.next(method, fault)
    post.send(one)
    assert post.said == []
    post.later(60)
    (said,) = post.slack.messages
    assert (bool(said.files) or "image" in kinds(post), post.ending(one)[0]) == (True, "sent")


def test_where_uploads_fail_for_long_the_message_goes_without(post: Post) -> None:
    post.slack.next(UPLOAD, Fault.error(500), times=9)
    post.send(WEEKLY)
    for _ in range(8):
        post.later(300)
    assert (post.said, kinds(post)) == (["A summary"], ["section"])


@pytest.mark.parametrize("fault", [Fault.drop_after(), Fault.error(500, takes=True), Fault.hang(0.5)])
def test_a_message_with_a_picture_that_arrived_is_not_sent_again(post: Post, fault: Fault) -> None:
    post.slack.next(POST, fault)
    post.send(WEEKLY)
    post.later(60)
    assert (post.said, post.asked(COMPLETE), post.ending(WEEKLY)[0]) == (["A summary"], 1, "sent")


def test_a_sheet_is_shared_in_the_thread_with_its_words(each_post: Post) -> None:
    each_post.send(DAILY, REST)
    each_post.later(1)
    parent, shared = each_post.slack.messages
    assert (shared.thread_ts, shared.text, shared.via) == (parent.ts, "Acme &amp; Co.", "file")
    (file,) = shared.files
    assert (file.name, file.title, file.data) == (SHEET.name, SHEET.title, SHEET.data)
    assert each_post.ending(REST) == ("sent", "")


@pytest.mark.parametrize("fault", [Fault.drop_after(), Fault.error(500, takes=True), Fault.hang(0.5)])
def test_a_sheet_that_arrived_is_found_by_its_name_and_not_shared_again(each_post: Post, fault: Fault) -> None:
    each_post.slack.next(COMPLETE, fault)
    each_post.send(DAILY, REST)
    each_post.later(1)
    each_post.later(60)
    assert (len(each_post.said), each_post.asked(COMPLETE), each_post.ending(REST)[0]) == (2, 1, "sent")


def test_where_nobody_may_look_a_sheet_is_not_shared_twice_but_noted(post: Post) -> None:
    post.slack.scopes = (*post.slack.scopes[:-1],)
    post.slack.next(COMPLETE, Fault.drop_after())
    post.send(DAILY, REST)
    post.later(1)
    post.later(60)
    assert (len(post.said), post.ending(REST)) == (2, ("unsettled", "missing_scope"))


def test_without_the_scope_the_words_of_a_sheet_are_said_alone(each_post: Post) -> None:
    each_post.slack.scopes = tuple(scope for scope in each_post.slack.scopes if scope != "files:write")
    each_post.send(DAILY, REST)
    each_post.later(1)
    parent, said = each_post.slack.messages
    assert (said.text, said.thread_ts, said.files, each_post.ending(REST)[0]) == (
        "Acme &amp; Co.",
        parent.ts,
        [],
        "sent",
    )


def to_person(one: Outgoing, **more: object) -> Outgoing:
    return replace(one, channel="U7", payload={**one.payload, "channel": "U7"}, **more)  # type: ignore[arg-type]


def test_what_is_sent_to_a_person_is_found_in_the_direct_conversation(each_post: Post) -> None:
    each_post.send(to_person(DAILY, key="first"))
    each_post.slack.next(POST, Fault.drop_after())
    each_post.reserve(to_person(DAILY, key="second"))
    each_post.later(1)
    each_post.later(60)
    assert ([one.channel for one in each_post.slack.messages], each_post.settled) == (
        ["D7", "D7"],
        [("first", "sent"), ("second", "sent")],
    )


def test_a_sheet_for_a_person_stands_in_the_direct_conversation(post: Post) -> None:
    post.send(to_person(DAILY), to_person(REST))
    post.later(1)
    assert [(one.channel, len(one.files)) for one in post.slack.messages] == [("D7", 0), ("D7", 1)]


def test_the_first_that_a_person_was_ever_sent_is_not_sent_twice(post: Post) -> None:
    post.slack.next(POST, Fault.drop_after())
    post.send(to_person(DAILY))
    post.later(60)
    assert (post.said, post.ending(DAILY)[0]) == (["A summary"], "unsettled")


@pytest.mark.parametrize("wait", [5, 60])
def test_one_looks_at_a_time_and_waits_as_long_as_slack_says(each_post: Post, wait: int) -> None:
    for n in range(6):
        each_post.slack.invite(f"C{n}")
    each_post.slack.next(POST, Fault.drop_after(), times=6)
    each_post.slack.next("conversations.history", Fault.rate_limited(wait))
    each_post.send(
        *(replace(DAILY, key=f"k{n}", channel=f"C{n}", payload={"channel": f"C{n}", "text": "x"}) for n in range(6))
    )
    each_post.later(10)
    assert each_post.asked("conversations.history") == 1
    for _ in range(30):
        each_post.later(wait)
    assert (len(each_post.said), [state for _, state in each_post.settled]) == (6, ["sent"] * 6)


@pytest.fixture
def reader(slack: FakeSlack) -> Slack:
    slack.scopes = (*slack.scopes, "files:read")
    return Slack(slack.token, slack.url)


def test_a_file_that_a_person_uploaded_is_read(slack: FakeSlack, reader: Slack) -> None:
    told = slack.upload("names.csv", b"name\nAcme\n")
    assert reader.download(told["url_private"], 100) == b"name\nAcme\n"


def revoke(slack: FakeSlack) -> None:
    slack.scopes = ()


def shrink(slack: FakeSlack) -> None:
    slack.upload("other.csv", b"-")


@pytest.mark.parametrize(("change", "most", "why"), [(revoke, 100, "files:read"), (shrink, 5, "bigger")])
def test_a_file_that_is_too_big_or_may_not_be_read_is_refused(
    slack: FakeSlack, reader: Slack, change: Callable[[FakeSlack], None], most: int, why: str
) -> None:
    told = slack.upload("names.csv", b"name\nAcme\n")
    change(slack)
    with pytest.raises(UserError, match=why):
        reader.download(told["url_private"], most)


@pytest.mark.parametrize(
    "url",
    ["https://evil.example/x", "http://files.slack.com/x", "https://slack.com.evil.example/x", "file:///etc/passwd"],
)
def test_the_token_is_shown_to_slack_alone(reader: Slack, url: str) -> None:
    with pytest.raises(UserError, match="kept in Slack"):
        reader.download(url, 100)


def test_slack_away_is_no_fault_of_the_file(slack: FakeSlack, reader: Slack) -> None:
    told = slack.upload("names.csv", b"name\n")
    slack.next("download", Fault.drop_before())
    with pytest.raises(Missing):
        reader.download(told["url_private"], 100)
