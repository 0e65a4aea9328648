"""Verbs that answer: `ask`, `chat`."""

import argparse
import dataclasses
import json
import sys
from datetime import UTC, datetime, time

from bot import answers, lookup, terminal
from bot.answers import Context
from bot.cli.parts import Parser, Terminal, Verbs, moment, now, ready, verb, with_json
from bot.config import Settings
from bot.desk import Desk
from bot.errors import UserError
from bot.questions.times import day


def ask(verbs: Verbs) -> None:
    """One question."""
    one = verb(verbs, "ask", _ask, "answer one question", 'ask "is Dalian Machine Tool flagged?" --as-of 2024-04-30')
    with_json(one).add_argument("question", nargs="+", help="the question, in any phrasing")
    _times(one)


def chat(verbs: Verbs) -> None:
    """Questions line by line."""
    _times(verb(verbs, "chat", _chat, "answer questions line by line, with follow-ups", "chat"))


def _times(one: Parser) -> None:
    one.add_argument("--as-of", default="", metavar="DATE", help="answer for this day (2024-04-30, 2024-04)")
    one.add_argument("--known-at", default="", metavar="DATE", help="use only what was stored by then")


def _ask(options: argparse.Namespace, settings: Settings) -> int:
    with ready(settings) as database:
        desk = Desk(database, "terminal", settings.index_folder, settings.required_lists)
        answer, message = desk.ask(_asking(options, settings, " ".join(options.question)))
    if options.json:
        print(json.dumps(desk.document(answer, message), ensure_ascii=False, indent=2))
    else:
        terminal.draw(desk.words.whole_answer(answer), Terminal())
    return 0


def _asking(options: argparse.Namespace, settings: Settings, question: str) -> lookup.Asking:
    at = now()
    return lookup.Asking(question, settings.workspace, at, options.as_of, _known_at(options.known_at, at))


def _known_at(text: str, now: datetime) -> datetime | None:
    """A date means its end; a time with an offset is taken as it is, one without as UTC."""
    if not text:
        return None
    if "T" in text or ":" in text:
        return min(moment(text), now)
    return min(datetime.combine(day(text, now.date()), time.max, UTC), now)


def _chat(options: argparse.Namespace, settings: Settings) -> int:
    console = Terminal()
    context = Context()
    interactive = sys.stdin.isatty()
    if interactive:
        console.print("Ask about a firm, a person or a topic; an empty line or Ctrl-D ends.", style="dim")
    with ready(settings) as database:
        desk = Desk(database, "terminal", settings.index_folder, settings.required_lists)
        while (line := _line("> " if interactive else "")) is not None:
            try:
                asking = dataclasses.replace(_asking(options, settings, line), context=context)
                answer, _ = desk.ask(asking)
            except UserError as error:
                print(error, file=sys.stderr)
                continue
            context = answers.context(answer, context)
            terminal.draw(desk.words.whole_answer(answer), console)
            console.print()
    return 0


def _line(prompt: str) -> str | None:
    """The next line that says something; None at the end of the input, or at an empty line typed at a prompt."""
    try:
        while not (line := input(prompt).strip()):
            if prompt:
                return None
    except EOFError:
        return None
    return line
