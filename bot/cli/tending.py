"""Verbs for whoever runs the bot: `thresholds`, `doctor`."""

import argparse
import dataclasses
import json

from bot import checkup, terminal
from bot.cli.parts import Terminal, Verbs, now, ready, verb, with_json
from bot.config import Settings
from bot.errors import UserError
from bot.lookup import SHIPPED
from bot.matching.score import NOT_ENOUGH
from bot.records import Thresholds
from bot.reply import Words
from bot.store import thresholds as kept


def thresholds(verbs: Verbs) -> None:
    """From which scores names are shown and matched."""
    says = "show or set from which scores (0 to 1) names are shown as near, and matched, in a workspace"
    one = with_json(verb(verbs, "thresholds", _thresholds, says, "thresholds --match 0.65"))
    one.add_argument("--show", type=float, metavar="SCORE", help="show a stored name as near from this score on")
    one.add_argument(
        "--match", type=float, metavar="SCORE", help="take a stored name as the one meant from this score on"
    )
    one.add_argument("--reset", action="store_true", help="go back to what is shipped")
    one.add_argument("--workspace", default="", metavar="ID", help="this workspace's (default: the terminal's)")


def _thresholds(options: argparse.Namespace, settings: Settings) -> int:
    workspace = options.workspace or settings.workspace
    with ready(settings) as database:
        with database.reading() as session:
            before = kept.of(session, workspace)
        old = before or SHIPPED
        wanted = Thresholds(*(one if given is None else given for given, one in _pairs(options, old)))
        if not (0 < wanted.show <= wanted.match <= 1 and wanted.match > NOT_ENOUGH):
            raise UserError(
                f"show {wanted.show:g}, match {wanted.match:g}: both are above 0 and at most 1, show is at most match, and match"
                f" is above {NOT_ENOUGH}, which names score at most that lack what tells them from others"
            )
        if options.reset or wanted != old:
            with database.writing() as session:
                kept.put(session, workspace, None if options.reset else wanted, now())
            before, wanted = (None, SHIPPED) if options.reset else (wanted, wanted)
    found = {"workspace": workspace, **dataclasses.asdict(wanted), "shipped": before is None}
    if options.json:
        print(json.dumps(found))
    else:
        source = "shipped" if before is None else "set here"
        print(f"{workspace}: shown from {wanted.show:g} on, matched from {wanted.match:g} on ({source})")
    return 0


def _pairs(options: argparse.Namespace, old: Thresholds) -> tuple[tuple[float | None, float], ...]:
    return (options.show, old.show), (options.match, old.match)


def doctor(verbs: Verbs) -> None:
    """Whether all is well."""
    with_json(verb(verbs, "doctor", _doctor, "check settings, database and Slack, and say what to do", "doctor"))


def _doctor(options: argparse.Namespace, settings: Settings) -> int:
    findings = checkup.examine(settings, now())
    if options.json:
        print(json.dumps([dataclasses.asdict(one) for one in findings]))
    else:
        terminal.draw(Words().parts("doctor", 1, findings=findings), Terminal())
    return max(one.severity for one in findings)
