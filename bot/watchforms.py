"""The forms in which people say what to watch: the fields of each, and what becomes of one that is sent off."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from bot import limits, ownership, portfolio, watchdesk, wishes
from bot.answers import Context
from bot.errors import UserError
from bot.mail import Place
from bot.office import Office, letter
from bot.ownership import Owner
from bot.portfolio import Exchanged, Portfolio
from bot.records import Rejected
from bot.reply import Part, Words, to_blocks, to_text
from bot.store import outbox
from bot.watchdesk import Done, Errand
from bot.wishes import HERE, LONGEST_NAME, ME

WATCH, PORTFOLIO = "watch_form", "watch_portfolio"
"""What Slack calls the forms when they are sent off."""

HOME = "home"
"""What a form brings back that was opened in somebody's home."""

PASTED = "the pasted names"
TYPED = 3_000
"""Characters that Slack takes in a field."""

READ = "files:read"
_LINE = re.compile(r"\bline (\d+)")

FIELDS: dict[str, dict[str, Any]] = {
    "what": {"type": "plain_text_input", "max_length": LONGEST_NAME + 50},
    "name": {"type": "plain_text_input", "max_length": LONGEST_NAME},
    "text": {"type": "plain_text_input", "multiline": True, "max_length": TYPED},
    "file": {"type": "file_input", "filetypes": ["csv", "txt", "tsv"], "max_files": 1},
    "channel": {
        "type": "conversations_select",
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    },
}
"""What is filled in, by the name of the field."""

NEEDED = ("what", "name")


def ask(office: Office, one: Errand, trigger_id: str, origin: str = "") -> None:
    """Opens the form for one thing. `origin` comes back with it."""
    _open(office, one, trigger_id, _view(office.desk.words, WATCH, "watch_form", origin, _at(office, one)))


def offer(office: Office, one: Errand, trigger_id: str, origin: str = "") -> None:
    """Opens the form for a portfolio; where Slack gave nothing to open one with, a button that does."""
    if not trigger_id:
        return office.reply(one.item, one.alone, office.desk.words.message("watch_portfolio_offer"))
    slack = office.slack(one.here.workspace)
    values = {**_at(office, one), "most": portfolio.MOST, "may_read_files": READ in slack.identity().scopes}
    return _open(office, one, trigger_id, _view(office.desk.words, PORTFOLIO, "watch_portfolio_form", origin, values))


def _at(office: Office, one: Errand) -> dict[str, Any]:
    """Whether the asker may choose a channel, and which is chosen already."""
    may = ownership.may_for_channels(office.settings.channel_watchers, one.here.user)
    where = ownership.for_whom("", one.here, office.settings.channel_watchers)
    return {"may_for_channels": may, "channel": where.channel}


def _open(office: Office, one: Errand, trigger_id: str, view: Mapping[str, Any]) -> None:
    outcome = office.slack(one.here.workspace).open_view(trigger_id, view)
    if outcome.state == "sent":
        return office.finish(one.item)
    return office.reply(one.item, one.alone, office.desk.words.message("late"))


def _view(words: Words, form: str, template: str, origin: str, values: Mapping[str, Any]) -> dict[str, Any]:
    title, submit, close, *rest = words.parts(template, 1, **values)
    blocks: list[dict[str, Any]] = []
    for part in rest:
        blocks += [_field(part, values["channel"])] if part.kind == "field" else to_blocks([part])
    view = {
        "type": "modal",
        "callback_id": form,
        "private_metadata": origin,
        "title": _plain(to_text([title])),
        "submit": _plain(submit.label),
        "close": _plain(close.label),
        "blocks": blocks,
    }
    if wrong := limits.broken_view(view):
        raise ValueError("; ".join(wrong))
    return view


def _field(part: Part, channel: str) -> dict[str, Any]:
    element = {**FIELDS[part.action], "action_id": part.action}
    if part.action == "channel" and channel:
        element["initial_conversation"] = channel
    return {
        "type": "input",
        "block_id": part.action,
        "optional": part.action not in NEEDED,
        "label": _plain(part.label),
        "hint": _plain(to_text([replace(part, kind="para")])),
        "element": element,
    }


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def watch(office: Office, one: Errand, fields: Mapping[str, Any]) -> None:
    """Has that be watched which was filled in. Raises UserError as `watchdesk.put` does."""
    wanted = wishes.read(str(fields.get("what", "")))
    channel = str(fields.get("channel", ""))
    chosen = replace(wanted, place=HERE if channel else ME)
    watchdesk.put(office, _at_channel(one, channel), chosen, Context())


def _at_channel(one: Errand, channel: str) -> Errand:
    """The errand of a form that names a channel: that is where all hear of it."""
    return replace(one, here=Place(one.here.workspace, channel, one.here.user)) if channel else one


def upload(office: Office, one: Errand, fields: Mapping[str, Any]) -> None:
    """Has all of a portfolio be watched: of the file that was chosen, or of the names that were pasted. Raises UserError where
    neither can be read, Missing where Slack cannot be reached."""
    channel = str(fields.get("channel", ""))
    one = _at_channel(one, channel)
    where = ownership.for_whom(HERE if channel else ME, one.here, office.settings.channel_watchers)
    found = _read(office, one, fields)

    def adding(session: Session, at: Owner, why: str) -> Done:
        added = portfolio.add(session, found, at, one.here.user, office.now())
        exchanged = added if isinstance(added, Exchanged) else None
        told = {"watch": added.watch, "is_new": not exchanged, "exchanged": exchanged, "why": why, "by": f"@{one.by}"}
        said = office.desk.words.message("watch_portfolio", rejected_rows=found.rejected_rows, **told)
        if found.rejected or found.lessened:
            outbox.reserve(session, _rejected(office, one, found), office.now())
        return Done(added.watch, not exchanged, True, said)

    watchdesk.set_up(office, one, where, adding)


def _rejected(office: Office, one: Errand, found: Portfolio) -> Any:
    said = office.desk.words.message("watch_rejected", found=found)
    return letter(one.alone, said, f"rejected:{one.item.number}", {})


def _read(office: Office, one: Errand, fields: Mapping[str, Any]) -> Portfolio:
    label, text = str(fields.get("name", "")).strip(), str(fields.get("text", ""))
    if files := fields.get("file"):
        data = office.slack(one.here.workspace).download(str(files[0].get("url_private", "")), portfolio.LARGEST)
        return portfolio.of_bytes(data, str(files[0].get("name", "")) or label, label)
    if not text.strip():
        raise UserError("There was neither a file nor a name. Choose a CSV file, or paste names, one to a line.")
    if _has_header(text):
        return portfolio.of_bytes(text.encode(), PASTED, label)
    names = "".join('"' + line.strip().replace('"', '""') + '"\n' for line in text.splitlines())
    return _without_header(portfolio.of_bytes(f"name\n{names}".encode(), PASTED, label))


def _has_header(text: str) -> bool:
    cells = re.split(r"[,;\t]", text.strip().partition("\n")[0])
    return not {"name", *portfolio.CALLED}.isdisjoint(cell.strip(' "').casefold() for cell in cells)


def _without_header(found: Portfolio) -> Portfolio:
    """What was read of names that we put a header above: their lines are those that the person sees."""

    def up(said: str) -> str:
        return _LINE.sub(lambda line: f"line {int(line[1]) - 1}", said)

    rejected, lessened = (
        tuple(Rejected(up(one.where), up(one.why)) for one in some) for some in (found.rejected, found.lessened)
    )
    rows = tuple(replace(one, number=one.number - 1) for one in found.rows)
    return replace(found, rows=rows, rejected=rejected, lessened=lessened)
