"""The verb `digest`: shows the daily summaries, or posts those that are due."""

import argparse
import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from bot import bulletin, gathering, schedule
from bot.cli.parts import Terminal, Verbs, need, now, ready, verb, with_json
from bot.clock import Watch
from bot.config import Settings
from bot.errors import UserError
from bot.mail import Subscription
from bot.questions.times import day
from bot.reply import Words
from bot.running import Running
from bot.store import subscriptions
from bot.store.database import Database

USUAL = "09:00"
"""When a channel is told that has no summary of its own, for `--dry-run`."""


def digest(verbs: Verbs) -> None:
    """The daily summaries."""
    one = with_json(
        verb(verbs, "digest", _digest, "post the daily summaries that are due, or show them", "digest --dry-run")
    )
    one.add_argument("--date", default="", metavar="DATE", help="the summary of this day (default: up to now)")
    one.add_argument("--channel", default="", metavar="ID", help="only this channel's")
    one.add_argument("--dry-run", action="store_true", help="print what would be posted, and post nothing")


def _digest(options: argparse.Namespace, settings: Settings) -> int:
    with ready(settings) as database:
        with database.reading() as session:
            wanted = [one for one in subscriptions.active(session) if options.channel in ("", one.channel)]
        if not options.dry_run:
            return _post(options, settings, wanted)
        _show(options, settings, database, wanted or [_imagined(options, settings)])
    return 0


def _imagined(options: argparse.Namespace, settings: Settings) -> Subscription:
    """What a channel without a summary would be told."""
    at = now()
    return Subscription(
        settings.workspace, options.channel, USUAL, settings.daily_zone, "line", "", at, at - timedelta(days=1)
    )


def _post(options: argparse.Namespace, settings: Settings, wanted: list[Subscription]) -> int:
    need(settings, "SLACK_BOT_TOKEN")
    if not wanted:
        raise UserError(
            f"No daily summary is set{' for ' + options.channel if options.channel else ''}: /exposure daily 09:00"
        )
    running = Running(settings, now=Watch(max(_moment(one, options.date) for one in wanted)))
    try:
        posted, went_well = running.post_daily({one.channel for one in wanted})
    finally:
        running.stop()
    print(json.dumps(posted) if options.json else "\n".join(posted) or "Nothing was posted.")
    return 0 if went_well else 1


def _show(options: argparse.Namespace, settings: Settings, database: Database, wanted: Iterable[Subscription]) -> None:
    words = Words()
    shown = []
    for one in wanted:
        since, until = _span(one, options.date)
        with database.reading() as session:
            found = gathering.gather(session, one.workspace, since, until)
        said = bulletin.messages(words, found, schedule.local(until, one.zone).date(), one.zone)
        if options.json:
            shown.append({"channel": one.channel, "messages": [message.payload() for message in said]})
        else:
            console = Terminal()
            console.print(f"{one.channel or settings.workspace}, {one.at} {one.zone}", style="dim", highlight=False)
            for message in said:
                console.print(message.text, markup=False, highlight=False, emoji=False, soft_wrap=True)
    if options.json:
        print(json.dumps(shown, ensure_ascii=False))


def _span(one: Subscription, date: str) -> tuple[datetime, datetime]:
    """From the post before to the day's; for a day that was posted already, from the day before's moment."""
    until = _moment(one, date)
    if one.told_until < until:
        return one.told_until, until
    posted = schedule.local(until, one.zone).date()
    return schedule.moment(posted - timedelta(days=1), one.at, one.zone), until


def _moment(one: Subscription, date: str) -> datetime:
    """When a day is posted, or now where no day is named or its moment is still to come."""
    if not date:
        return now()
    return min(schedule.moment(day(date, now().date()), one.at, one.zone), now())
