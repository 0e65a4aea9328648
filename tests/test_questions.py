"""Questions taken apart: times, markup, whatever people type."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import questions
from bot.errors import UserError
from bot.questions import times
from tests.conftest import Desk

TODAY = date(2026, 11, 23)

TIMES = [
    ("is X flagged as of 30 April 2024", date(2024, 4, 30), None),
    ("X as of April 30th, 2024?", date(2024, 4, 30), None),
    ("X on 2024-04-30", date(2024, 4, 30), None),
    ("X in April 2024", date(2024, 4, 30), (date(2024, 4, 1), date(2024, 4, 30))),
    ("X in 2023", date(2023, 12, 31), (date(2023, 1, 1), date(2023, 12, 31))),
    ("share in Q4 2023", date(2023, 12, 31), (date(2023, 10, 1), date(2023, 12, 31))),
    ("the last quarter of 2023", date(2023, 12, 31), (date(2023, 10, 1), date(2023, 12, 31))),
    ("what changed this week", None, (date(2026, 11, 23), TODAY)),
    ("what changed last week", date(2026, 11, 22), (date(2026, 11, 16), date(2026, 11, 22))),
    ("yesterday", date(2026, 11, 22), None),
    ("changes since March", TODAY, (date(2026, 3, 1), TODAY)),
    ("2024年4月30日大连机床", date(2024, 4, 30), None),
    ("2024年4月", date(2024, 4, 30), (date(2024, 4, 1), date(2024, 4, 30))),
    ("2023年第四季度", date(2023, 12, 31), (date(2023, 10, 1), date(2023, 12, 31))),
    ("30.04.2024", date(2024, 4, 30), None),
    ("30/04/2024", date(2024, 4, 30), None),
    ("is Model 2000 Co flagged", None, None),
    ("X today", None, None),
]


@pytest.mark.parametrize(("asked", "as_of", "period"), TIMES)
def test_a_time_is_read(asked: str, as_of: date | None, period: tuple[date, date] | None) -> None:
    found = times.find(asked, TODAY)
    assert (found.as_of if found.as_of != TODAY else None, found.period) == (as_of if as_of != TODAY else None, period)


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("X on 2024-02-30", "no day of the calendar"),
        ("X as of 1 January 2030", "lies ahead"),
        ("X on 03/04/2024", "two ways"),
        ("x" * 5000, "5,000 characters"),
    ],
)
def test_a_day_that_cannot_be_is_said_so(asked: str, why: str) -> None:
    with pytest.raises(UserError, match=why):
        questions.read(asked, TODAY)


@pytest.mark.parametrize(
    "asked",
    [
        *(
            "<@U123> hikvision",
            "*Hikvision*",
            "_hikvision_ :eyes: 😳",
            "“Hikvision”",
            "hikvision’s",
            "`hikvision`",
            "HIKVISION!!!",
        ),
        *(
            "<https://www.hikvision.com/en/|hikvision.com> flagged?",
            "https://hikvision.com",
            "is hikvision, um, flaged??",
        ),
        *(
            "anything on Hikvision?",
            "isn't Hikvision sanctioned?",
            "Hikvision ok to pay?",
            "ＨＩＫＶＩＳＩＯＮ",
            "hikvision\nflagged?",
        ),
        *(
            "请问海康威视有没有被制裁？",
            "海康威視被列入黑名單了嗎",
            "is hik-vision flagged",
            "hey is “Hikvision” sanctioned rn",
        ),
    ],
)
def test_however_it_is_asked_it_is_one_question_about_one_firm(quick_desk: Desk, asked: str) -> None:
    answer = quick_desk.answer(asked)
    assert [one.standing.entity.id for one in answer.subjects if one.standing] == ["starter:hikvision"]
    assert len(answer.subjects) == 1


@pytest.mark.parametrize(
    "asked",
    ["can we pay Hikvision?", "is it ok to ship to DMTG", "are we allowed to sell to Hikvision", "海康威视可以付款吗"],
)
def test_a_question_for_leave_gets_facts_and_no_leave(quick_desk: Desk, asked: str) -> None:
    text = quick_desk.say(asked)
    assert "LISTED" in text
    assert "for you and your counsel to decide" in text


PHRASES = st.sampled_from(
    "is flagged who says Hikvision DMTG 大连机床 被制裁 ? , ; \" ' as of April 2024 2024-99-99 <@U> <http:// | and of the".split()
)


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=80) | st.lists(PHRASES, max_size=12).map(" ".join))
def test_any_text_is_answered_or_refused_in_words(asked: str) -> None:
    try:
        question = questions.read(asked, TODAY)
    except UserError:
        return
    assert question.intent in questions.intents.INTENTS
    assert all(question.text[token.start : token.end].startswith(token.text) for token in question.tokens)
