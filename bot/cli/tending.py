"""Verbs for whoever runs the bot: `doctor`."""

import argparse
import dataclasses
import json

from bot import checkup, terminal
from bot.cli.parts import Terminal, Verbs, now, verb, with_json
from bot.config import Settings
from bot.reply import Words


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
