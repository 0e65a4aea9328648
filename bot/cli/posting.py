"""The verb `digest`: shows the summaries, or posts those that are due."""

import argparse
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot import digest as summaries
from bot import schedule
from bot.cli.parts import Terminal, Verbs, need, now, ready, verb, with_json
from bot.clock import Clock
from bot.config import Settings
from bot.digest import Due
from bot.errors import UserError
from bot.mail import DAILY, WEEKLY, Subscription
from bot.press import Press
from bot.questions.times import day
from bot.reply import Words
from bot.running import Running
from bot.store import subscriptions
from bot.store.database import Database
from bot.store.editions import Past


def digest(verbs: Verbs) -> None:
    """The summaries."""
    does = "post the daily and weekly summaries that are due, or show them"
    one = with_json(verb(verbs, "digest", _digest, does, "digest --dry-run"))
    one.add_argument("--date", default="", metavar="DATE", help="the summary of this day (default: up to now)")
    one.add_argument("--channel", default="", metavar="ID", help="only this channel's")
    one.add_argument("--edition", choices=(DAILY, WEEKLY), default="", help="only the daily or the weekly ones")
    one.add_argument("--dry-run", action="store_true", help="print what would be posted, and post nothing")


def _digest(options: argparse.Namespace, settings: Settings) -> int:
    with ready(settings) as database:
        with database.reading() as session:
            on = subscriptions.active(session)
        wanted = [one for one in on if options.channel in ("", one.channel) and options.edition in ("", one.edition)]
        if not options.dry_run:
            return _post(options, settings, wanted)
        _show(options, settings, database, wanted or [_imagined(options, settings)])
    return 0


def _imagined(options: argparse.Namespace, settings: Settings) -> Subscription:
    """What a channel without a summary would be told."""
    edition = options.edition or DAILY
    return summaries.imagined(settings.workspace, options.channel, edition, settings.daily_zone, now())


def _post(options: argparse.Namespace, settings: Settings, wanted: list[Subscription]) -> int:
    need(settings, "SLACK_BOT_TOKEN")
    if not wanted:
        whose = f" for {options.channel}" if options.channel else ""
        raise UserError(
            f"No {options.edition or 'daily or weekly'} summary is set{whose}: /exposure {options.edition or DAILY} 09:00"
        )
    running = Running(settings, now=Clock(max(_moment(one, options.date) for one in wanted)))
    try:
        running.workspaces.introduce()
        posted, went_well = running.post_daily({one.channel for one in wanted}, options.edition)
    finally:
        running.stop()
    print(json.dumps(posted) if options.json else "\n".join(posted) or "Nothing was posted.")
    return 0 if went_well else 1


def _show(options: argparse.Namespace, settings: Settings, database: Database, wanted: Iterable[Subscription]) -> None:
    press = Press(Words(), settings.required_lists)
    shown: list[dict[str, Any]] = []
    for one in wanted:
        due = _due(one, options.date)
        with database.reading() as session:
            eyes = summaries.eyes(session, [one])
            told = press.proof(session, replace(due, sees=eyes[one.key])).bulletin
        if options.json:
            messages = [message.payload() for message in told.said]
            shown.append({"channel": one.channel, "edition": one.edition, "messages": messages})
        else:
            console = Terminal()
            whose = f"{one.channel or settings.workspace}, {one.edition}, {one.at} {one.zone}"
            console.print(whose, style="dim", highlight=False)
            for message in told.said:
                console.print(message.text, markup=False, highlight=False, emoji=False, soft_wrap=True)
    if options.json:
        print(json.dumps(shown, ensure_ascii=False))


def _due(one: Subscription, date: str) -> Due:
    """From the post before to the day's; for a day that was posted already, from the day before's moment."""
    until = _moment(one, date)
    posted = schedule.local(until, one.zone).date()
    if one.told_until >= until:
        before = schedule.moment(posted - summaries.SPAN[one.edition], one.at, one.zone)
        one = replace(one, told_until=min(before, until))
    return Due(one, posted, until, past=Past())


def _moment(one: Subscription, date: str) -> datetime:
    """When a day is posted, or now where no day is named or its moment is still to come."""
    if not date:
        return now()
    return min(schedule.moment(day(date, now().date()), one.at, one.zone), now())
