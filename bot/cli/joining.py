"""Verbs that say which records are one subject: `join`, `separate`."""

import argparse
import dataclasses
import json
from collections.abc import Callable

from bot import dates, relating
from bot.cli.parts import Verbs, now, ready, user, verb, with_json
from bot.config import Settings
from bot.errors import UserError
from bot.matching import words
from bot.matching.analysis import Analyser
from bot.records import PUBLIC
from bot.store import joins, moments, tasks
from bot.store.joins import Decision

Run = Callable[[argparse.Namespace, Settings], int]


def join(verbs: Verbs) -> None:
    """Two records are one subject."""
    _declare(verbs, "join", "say that two records are of one subject", "their USCC is the same on the registry")


def separate(verbs: Verbs) -> None:
    """Two records are not."""
    _declare(verbs, "separate", "say that two records are of two subjects", "the second is the trading arm")


def _declare(verbs: Verbs, kind: str, does: str, why: str) -> None:
    example = f'{kind} ofac:47368 uk:RUS2137 --why "{why}"'
    one = with_json(verb(verbs, kind, _run(kind), does, example))
    one.add_argument("one", nargs="?", default="", metavar="A", help="the id of a record, as ask --json shows it")
    one.add_argument("other", nargs="?", default="", metavar="B", help="the id of another one")
    one.add_argument("--why", default="", metavar="TEXT", help="the reason, which is kept and shown")
    one.add_argument("--by", default="", metavar="NAME", help="who decides (default: who is logged in)")
    one.add_argument("--workspace", default="", metavar="ID", help="only for this workspace (default: for all)")
    one.add_argument("--undo", action="store_true", help="take back the latest such decision about the two")
    one.add_argument("--list", action="store_true", help="show all decisions, also those that were taken back")


def _run(kind: str) -> Run:
    def run(options: argparse.Namespace, settings: Settings) -> int:
        return _list(options, settings) if options.list else _decide(kind, options, settings)

    return run


def _decide(kind: str, options: argparse.Namespace, settings: Settings) -> int:
    if not options.other:
        raise UserError(f"{kind}: name two records by their ids; ask --json shows them")
    workspace, by = options.workspace or PUBLIC, options.by or user()
    act = relating.undo if options.undo else relating.decide
    analyser = Analyser(words.load())
    with ready(settings) as database:
        with database.writing() as session:
            # The time is taken once nobody else writes, as in a load.
            at = moments.take(session, now)
            act(session, analyser, kind, options.one, options.other, options.why, by, workspace, at)
            tasks.hasten(session, tasks.WATCHES, now())
        with database.reading() as session:
            found = joins.subjects(session, [options.one, options.other], workspace, None)
            last = joins.all_decisions(session, [workspace])
    together = [found.together(id) for id in (options.one, options.other)]
    if options.json:
        done = next(one for one in reversed(last) if {one.one, one.other} == {options.one, options.other})
        print(json.dumps({**_in_json(done), "records": together}))
    else:
        print("\n".join(f"one subject: {', '.join(ids)}" for ids in dict.fromkeys(map(tuple, together))))
    return 0


def _list(options: argparse.Namespace, settings: Settings) -> int:
    with ready(settings) as database, database.reading() as session:
        found = joins.all_decisions(session, [PUBLIC, options.workspace or settings.workspace])
    if options.json:
        print(json.dumps([_in_json(one) for one in found]))
    else:
        print("\n".join(map(_in_words, found)) or "nothing was joined or separated by hand")
    return 0


def _in_json(one: Decision) -> dict[str, str | None]:
    fields = {name: value for name, value in dataclasses.asdict(one).items() if name != "pk"}
    moments = {name: fields[name] and dates.moment(fields[name]) for name in ("at", "undone_at")}
    return {**fields, **moments}


def _in_words(one: Decision) -> str:
    undone = f"; undone {one.undone_at:%Y-%m-%d} by {one.undone_by}: {one.undone_why}" if one.undone_at else ""
    whose = "" if one.workspace == PUBLIC else f" (workspace {one.workspace})"
    return f"{one.at:%Y-%m-%d} {one.kind} {one.one} {one.other}{whose} by {one.by}: {one.why}{undone}"
