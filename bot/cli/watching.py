"""The verb `watch`: what is watched, set, listed, ended and written out, and what was told of it."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.progress import Progress
from sqlalchemy.orm import Session

from bot import sheets, watching, watchsheet, watchstatus
from bot.cli.adding import add
from bot.cli.parts import Verbs, moment, now, ready, user, verb
from bot.cli.places import declared, desk_of, watch_of, where_of
from bot.cli.reporting import (
    alert_in_json,
    alert_in_words,
    stands_in_json,
    stands_in_words,
    told_of,
    watch_in_json,
    watch_in_words,
)
from bot.config import Settings
from bot.dossier import Reading
from bot.errors import BadFile, UserError
from bot.monitoring import Watch
from bot.store import watches
from bot.watchstatus import WatchStatus

V = TypeVar("V")


def watch(verbs: Verbs) -> None:
    """What is watched."""
    does = "watch names, entities, lists, topics and portfolios, and show what was told of them"
    one = verbs.add_parser("watch", help=does, description=does, epilog="example: python -m bot watch add SDN")
    doing: Verbs = one.add_subparsers(metavar="WHAT", required=True)
    add(doing)
    _list(doing)
    _remove(doing)
    _export(doing)
    _alerts(doing)


def _list(doing: Verbs) -> None:
    one = declared(doing, "list", _run_list, "what is watched", "list --channel C0123ABC")
    one.add_argument("--ended", action="store_true", help="also what is watched no longer")


def _remove(doing: Verbs) -> None:
    does = "have something be watched no longer"
    one = declared(doing, "remove", _run_remove, does, "remove w-7f3a", also="unwatch")
    one.add_argument("ids", nargs="*", metavar="ID", help="the watches, by the ids that list shows")
    one.add_argument(
        "--all", action="store_true", help="all of the channel or person, or of those for whoever runs the bot"
    )
    one.add_argument("--by", default="", metavar="NAME", help="who ends it (default: who is logged in)")


def _export(doing: Verbs) -> None:
    example = "export w-7f3a --out portfolio.csv"
    does = "all that is watched, or each name of a watch with how it stands now, as CSV"
    one = verb(doing, "export", _run_export, does, f"watch {example}")
    one.add_argument("id", nargs="?", default="", metavar="ID", help="one watch: a portfolio, name by name")
    one.add_argument("--out", default="", metavar="FILE.csv", help="where it goes (default: printed)")
    one.add_argument("--force", action="store_true", help="write the file anew if it is there already")
    one.add_argument("--workspace", default="", metavar="ID", help="whose (default: those of all)")


def _alerts(doing: Verbs) -> None:
    one = declared(doing, "alerts", _run_alerts, "what was told of what is watched", "alerts --since 2026-11-01")
    one.add_argument("--since", default="", metavar="DATE", help="only what was told from then on (UTC)")


def _run_list(options: argparse.Namespace, settings: Settings) -> int:
    read = watches.ever if options.ended else watches.active
    some: list[WatchStatus] = []
    with ready(settings) as database, database.reading() as session:
        for workspace in _workspaces(session, options):
            mine = [one for one in read(session, workspace) if _is_wanted(one, options)]
            reading = Reading(session, workspace, None, now().date(), settings.required_lists)
            some += watchstatus.of(session, reading, mine)
    if options.json:
        print(json.dumps(list(map(stands_in_json, some)), ensure_ascii=False))
    else:
        print("\n".join(map(stands_in_words, some)) or "nothing is watched")
    return 0


def _is_wanted(one: Watch, options: argparse.Namespace) -> bool:
    return (options.channel or options.user) in ("", one.place)


def _workspaces(session: Session, options: argparse.Namespace) -> list[str]:
    """The workspace that was said, else all that watch anything or did."""
    return [options.workspace] if options.workspace else watches.workspaces(session, ever=True)


def _run_remove(options: argparse.Namespace, settings: Settings) -> int:
    if bool(options.ids) == options.all:
        raise UserError("say what is to be watched no longer: ID…, or --all")
    by = options.by or user()
    with ready(settings) as database:
        where = where_of(options, settings) if options.all else None
        with database.writing() as session:
            some = watching.of(session, where) if where else _meant(session, options)
            ended = [one for one in some if watches.end(session, one.id, by, now())]
    if options.json:
        print(json.dumps([watch_in_json(one) for one in ended], ensure_ascii=False))
    else:
        print("\n".join(f"no longer watched: {watch_in_words(one)}" for one in ended) or "nothing is watched")
    return 0


def _meant(session: Session, options: argparse.Namespace) -> list[Watch]:
    """The watches of some ids. Raises UserError where one of them is none, of several also that nothing was done."""
    try:
        return [watch_of(session, id, options.workspace) for id in options.ids]
    except UserError as error:
        raise UserError(f"{error}{'; nothing was removed' if len(options.ids) > 1 else ''}") from None


def _run_export(options: argparse.Namespace, settings: Settings) -> int:
    with ready(settings) as database, database.reading() as session:
        desk, at = desk_of(database, settings), now()
        if options.id:
            one = watch_of(session, options.id, options.workspace)
            names = watchsheet.names(session, desk.know(session, one.workspace), desk.words, one, at)
            return _write(options, watchsheet.NAMES, names, one.size or 1)
        some = {id: watches.active(session, id) for id in _workspaces(session, options)}
        rows = (
            row
            for id, of in some.items()
            for row in watchsheet.all_watches(session, desk.know(session, id), desk.words, of, at)
        )
        return _write(options, watchsheet.WATCHES, rows, sum(map(len, some.values())))


def _write(options: argparse.Namespace, header: Sequence[str], rows: Iterable[Sequence[str]], total: int) -> int:
    if not options.out:
        # The mark is for files.
        sys.stdout.write(sheets.table(header, rows).decode("utf-8-sig"))
        return 0
    path = Path(options.out)
    taken = UserError(f"{path} is there already: --force writes it anew")
    if path.exists() and not options.force:
        raise taken
    # Looking all up takes a while: until it is whole, what is there stays.
    data = sheets.table(header, _shown(rows, total))
    try:
        with path.open("wb" if options.force else "xb") as file:
            file.write(data)
    except FileExistsError:
        raise taken from None
    except OSError as error:
        raise BadFile(str(path), 0, f"cannot be written: {error.strerror}") from None
    return 0


def _shown(rows: Iterable[V], total: int) -> Iterator[V]:
    """The rows, with a bar on a terminal for how many were taken."""
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
        yield from bar.track(rows, total=total, description="looking up")


def _run_alerts(options: argparse.Namespace, settings: Settings) -> int:
    with ready(settings) as database, database.reading() as session:
        since = moment(options.since) if options.since else None
        found = [one for id in _workspaces(session, options) for one in told_of(session, id, since)]
    told = sorted((one for one in found if _is_wanted(one.watch, options)), key=lambda one: one.alert.at)
    if options.json:
        print(json.dumps([alert_in_json(one) for one in told], ensure_ascii=False))
    else:
        print("\n".join(map(alert_in_words, told)) or "nothing was told")
    return 1 if any(one.needs_attention for one in told) else 0
