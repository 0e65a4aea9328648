"""What the parts of the verb `watch` share: whose watches are meant, and one by its id."""

import argparse

from sqlalchemy.orm import Session

from bot.cli.parts import Parser, Run, Verbs, verb, with_json
from bot.config import Settings
from bot.desk import Desk
from bot.errors import Missing, UserError
from bot.monitoring import Watch
from bot.ownership import Owner
from bot.store import watches
from bot.store.database import Database
from bot.workspaces import Workspaces


def declared(doing: Verbs, name: str, run: Run, does: str, example: str, also: str = "") -> Parser:
    """Declares what `watch` can do for a channel, a person or whoever runs the bot; `also` is another word for it."""
    one = with_json(verb(doing, name, run, does, f"watch {example}", aliases=[also] if also else []))
    place = one.add_mutually_exclusive_group()
    place.add_argument("--channel", default="", metavar="ID", help="a channel's, by its id in Slack")
    place.add_argument("--user", default="", metavar="ID", help="one person's, by the id in Slack")
    one.add_argument("--workspace", default="", metavar="ID", help="of which workspace (default: WORKSPACE)")
    return one


def where_of(options: argparse.Namespace, settings: Settings) -> Owner:
    """Whose watches are meant. The workspace of a channel is Slack's, which is asked where nobody said it."""
    if not (options.channel or options.user):
        return Owner(options.workspace or settings.workspace)
    if options.channel[:1] not in ("", "C", "G") or options.user[:1] not in ("", "U", "W"):
        raise UserError("--channel takes the id of a channel like C0123ABC, --user that of a person like U0123ABC")
    return Owner(options.workspace or _own_workspace(settings), channel=options.channel, user=options.user)


def _own_workspace(settings: Settings) -> str:
    if settings.workspace != Settings().workspace:
        return settings.workspace
    if not settings.slack_bot_tokens:
        raise Missing("SLACK_BOT_TOKEN is not set: say with --workspace ID whose channel or person that is")
    known = Workspaces(settings.slack_bot_tokens, settings.slack_api_url).introduce()
    if len(known) != 1:
        names = ", ".join(f"{one.workspace} ({one.workspace_name})" for one in known) or "none that answers"
        raise UserError(f"say with --workspace ID of which workspace: {names}")
    return known[0].workspace


def watch_of(session: Session, id: str, workspace: str) -> Watch:
    """A watch by its id, of whichever workspace where none is said. Raises UserError where there is none, or it has ended."""
    wanted = id.strip().casefold()
    some = [workspace] if workspace else watches.workspaces(session)
    found = next(filter(None, (watches.by_id(session, wanted, one) for one in some)), None)
    if found is None or found.ended_at:
        raise UserError(f"{id} is no watch, or it has ended; watch list shows all")
    return found


def desk_of(database: Database, settings: Settings) -> Desk:
    """Where names are looked up."""
    return Desk(database, "terminal", settings.index_folder, settings.required_lists)
