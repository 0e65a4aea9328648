"""Questions as people ask them, over every intent: those of questions.yaml, and those of somebody who had not seen the code."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import limits
from tests.conftest import Desk

HERE = Path(__file__).parent
FILES = ("questions.yaml", "questions_blind.yaml")


def _table() -> list[Any]:
    items = [item for name in FILES for item in yaml.safe_load((HERE / name).read_text("utf-8"))]
    return [
        pytest.param(item.get("turns", [item]), id=(item.get("ask") or item["turns"][0]["ask"])[:60]) for item in items
    ]


def _any_of(expected: Any) -> list[Any]:
    return expected if isinstance(expected, list) else [expected]


@pytest.mark.parametrize("turns", _table())
def test_a_question_gets_the_answer_that_the_records_give(turns: list[dict[str, Any]], quick_desk: Desk) -> None:
    for turn in turns:
        answer = quick_desk.answer(turn["ask"])
        message = quick_desk.words.answer(answer)
        assert answer.intent in _any_of(turn.get("intent", answer.intent))
        _check_subjects(turn, answer)
        text = message.text.casefold()
        assert [words for words in turn.get("says", ()) if words.casefold() not in text] == []
        assert [words for words in turn.get("never", ()) if words.casefold() in text] == []
        assert limits.broken(message.text, message.blocks) == []


def _check_subjects(turn: dict[str, Any], answer: Any) -> None:
    if "subjects" not in turn:
        return
    found = [
        (one.standing.entity.id.partition(":")[2] if one.standing else None, one.status) for one in answer.subjects
    ]
    expected = [(one["entity"], _any_of(one["status"])) for one in turn["subjects"]]
    assert [id for id, _ in found] == [id for id, _ in expected], found
    assert [status for (_, status), (_, allowed) in zip(found, expected, strict=True) if status not in allowed] == []
