"""Messages: within Slack's limits, safe with any stored text, the denial never parted from the allegation."""

import ast
import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot import intake, limits, reply
from bot.matching import score
from bot.records import PUBLIC, Reason
from bot.reply import Words
from tests.conftest import LOADED, Desk
from tests.files import SMALL, many_claims, many_entities, write

HERE = Path(__file__).parent
GOLDEN = {
    "listed": "is Dalian Machine Tool flagged?",
    "named": "was Wuhan Tongsheng flagged in April 2024",
    "ambiguous": "iRay",
    "mentioned": "shanghai iray",
    "no_record": "is Wuhan Technology flagged?",
    "cannot_say": "Acme Optics as of 2020",
    "profile": "tell me about NCRIEO",
    "reasons": "why is hikvision listed",
    "sources": "sources for DMTG",
    "denial": "did iRay deny it?",
    "topic": "who makes nitrocellulose",
    "list": "list everyone who is flagged",
    "changes": "what changed in May 2024",
    "relation": "how are yantai iray and shanghai iray related",
    "coverage": "which lists do you have",
    "help": "help",
    "unknown": "hello",
}
QUESTIONS = ("is hikvision flagged", "tell me about hikvision", "why hikvision", "sources for hikvision", "did hikvision deny",
             "who supplies optics", "list everyone", "what changed in 2026", "is hikvision related to DMTG")  # fmt: skip


def load(desk: Desk, folder: Path, text: str) -> None:
    (records,) = intake.read_claims([write(folder, text)])
    with desk.database.writing() as session:
        intake.load(session, records, PUBLIC, LOADED + timedelta(hours=1))


@pytest.mark.parametrize("name", GOLDEN)
def test_a_message_is_worded_as_agreed(quick_desk: Desk, name: str, request: pytest.FixtureRequest) -> None:
    answer = quick_desk.answer(GOLDEN[name])
    message = quick_desk.words.answer(answer)
    drawn = json.dumps({"text": message.text, "blocks": message.blocks}, ensure_ascii=False, indent=1)
    drawn = drawn.replace(answer.receipt, "RECEIPT") + "\n"
    file = HERE / "messages" / f"{name}.json"
    if request.config.getoption("--write-messages"):
        file.write_text(drawn, "utf-8")
    assert drawn == file.read_text("utf-8")


@pytest.mark.parametrize("question", QUESTIONS)
def test_500_claims_on_one_firm_break_no_limit(quick_desk: Desk, tmp_path: Path, question: str) -> None:
    load(quick_desk, tmp_path, many_claims(500, statement="sells part {} " + "of a long and winding story " * 40))
    message = quick_desk.message(question)
    assert limits.broken(message.text, message.blocks) == []
    assert len(message.payload()["text"]) <= limits.TEXT


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_shortened_message_still_has_the_denial_beside_the_allegation(
    quick_desk: Desk, tmp_path: Path, question: str
) -> None:
    load(quick_desk, tmp_path, many_claims(500))
    message = quick_desk.message(question)
    assert "alleges" in message.text
    assert "denies" in message.text
    assert "denies" in json.dumps(message.blocks)


def test_a_shortened_message_says_how_much_more_there_is(quick_desk: Desk, tmp_path: Path) -> None:
    load(quick_desk, tmp_path, many_claims(500))
    assert "more claims: see all sources" in quick_desk.say("is hikvision flagged")


def test_the_terminal_gets_everything(quick_desk: Desk, tmp_path: Path) -> None:
    load(quick_desk, tmp_path, many_claims(500))
    whole = reply.to_text(quick_desk.words.whole_answer(quick_desk.answer("is hikvision flagged")))
    assert whole.count("alleges") == 502


def test_a_list_of_a_thousand_breaks_no_limit(quick_desk: Desk, tmp_path: Path) -> None:
    load(quick_desk, tmp_path, many_entities(1000))
    message = quick_desk.message("list everyone who is flagged")
    assert limits.broken(message.text, message.blocks) == []
    assert "1007 records fit" in message.text


def test_a_hundred_firms_in_one_question_break_no_limit(quick_desk: Desk) -> None:
    message = quick_desk.message(", ".join(f"Quillon{n} Photonics GmbH" for n in range(100)))
    assert limits.broken(message.text, message.blocks) == []


HOSTILE = "<!channel> *bold* `x` <@U1> & {{ 7*7 }} \\u0000"


@pytest.fixture
def hostile(quick_desk: Desk, tmp_path: Path) -> Desk:
    bad = SMALL.replace('"Acme Optics Co., Ltd."', f"'Acme {HOSTILE}'").replace("Optics firm named", f"'{HOSTILE}'")
    load(
        quick_desk, tmp_path, bad.replace("statement: sells lenses used in military sights", f"statement: '{HOSTILE}'")
    )
    return quick_desk


def test_stored_text_never_becomes_markup(hostile: Desk) -> None:
    message = hostile.message("what about 埃克梅光学")
    elements = json.dumps(message.blocks)
    assert "<!channel>" in message.text
    assert '"mrkdwn"' not in elements
    assert "<!channel>" not in message.payload()["text"]
    assert "49" not in message.text.split("Searched")[0].replace("埃克梅", "")


def test_control_and_direction_characters_never_reach_a_reader(quick_desk: Desk) -> None:
    text = quick_desk.say("is Acme\u202e\u001b[31m Optics Ltd flagged")
    assert "\u202e" not in text
    assert "\u001b" not in text


def _reason_codes() -> set[str]:
    """The codes that matching gives reasons by: first arguments of Reason and Pair, and those made of a kind."""
    trees = [ast.parse(file.read_text("utf-8")) for file in Path(score.__file__).parent.glob("*.py")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    made = [call.args[0] for call in calls if ast.unparse(call.func) in ("Reason", "Pair") and call.args]
    codes = {str(arg.value) for arg in made if isinstance(arg, ast.Constant)}
    vetoes = {f"veto_{kind}" for kind in ("direction", "number", "place")}
    return (
        codes
        | vetoes
        | {f"kind_{kind}" for kind in score.KINDS if kind not in ("primary", "alias")}
        | {"reading", "only_asked"}
    )


def test_every_reason_has_its_words(phrases: Words) -> None:
    codes = _reason_codes()
    assert len(codes) > 18
    assert [code for code in codes if not phrases.reason(Reason(code, "a", "b")).strip()] == []


def test_no_template_says_what_we_never_say() -> None:
    words = " ".join(file.read_text("utf-8").casefold() for file in reply.TEMPLATES.glob("*.jinja"))
    assert [never for never in ("clean", "not sanctioned", "whitelist", "guilty", "sanctioned") if never in words] == []


def test_designated_is_said_of_asset_freezes_only(quick_desk: Desk) -> None:
    text = quick_desk.say("is hikvision flagged")
    assert "added to the Entity List by BIS" in text
    assert "designated" not in text


def test_json_has_the_form_of_the_contract(quick_desk: Desk) -> None:
    answer = quick_desk.json("is Dalian Machine Tool flagged?")
    subject = answer["subjects"][0]
    assert {
        "receipt",
        "question",
        "intent",
        "as_of",
        "known_at",
        "subjects",
        "claims",
        "coverage",
        "text",
        "blocks",
    } <= answer.keys()
    assert {
        "mention",
        "status",
        "contested",
        "named",
        "entity",
        "match",
        "candidates",
        "listings",
        "claims",
    } == subject.keys()
    assert {"id", "name", "kind", "countries", "names", "identifiers"} <= subject["entity"].keys()
    assert {"score", "matched_name", "reasons"} == subject["match"].keys()
    assert {
        "authority",
        "list",
        "programme",
        "measures",
        "listed_on",
        "ended_on",
        "status",
        "record_id",
        "reason",
        "source",
    } <= (subject["listings"][0].keys())
    assert {
        "id",
        "stance",
        "category",
        "statement",
        "asserted_by",
        "hedge",
        "stated_on",
        "period",
        "standing",
        "origin",
        "sources",
    } <= (subject["claims"][0].keys())
    json.dumps(answer)


def test_text_names_publisher_and_url_of_each_source(quick_desk: Desk) -> None:
    answer = quick_desk.json("is Dalian Machine Tool flagged?")
    subject = answer["subjects"][0]
    sources = [source for one in (*subject["listings"], *subject["claims"]) for source in one["sources"]]
    assert [one for one in sources if one["publisher"] not in answer["text"] or one["url"] not in answer["text"]] == []


@pytest.mark.parametrize(
    ("text", "blocks", "why"),
    [
        ("", [], "no text"),
        ("x" * 4001, [], "text has 4001"),
        ("x", [{"type": "divider"}] * 51, "51 blocks"),
        ("x", [{"type": "section", "text": {"type": "plain_text", "text": "y" * 3001}}], "section has 3001"),
        ("x", [{"type": "section", "text": {"type": "plain_text", "text": "y" * 3000}}] * 5, "blocks hold 15000"),
        ("x", [{"type": "context", "elements": []}], "context has 0"),
        ("x", [{"type": "divider", "block_id": "a"}] * 2, "used twice"),
        ("x", [{"type": "actions", "elements": [{"text": {"text": "z" * 76}, "action_id": "a"}]}], "button says 76"),
    ],
)
def test_the_limits_are_known(text: str, blocks: list[dict[str, object]], why: str) -> None:
    assert why in " ".join(limits.broken(text, blocks))
