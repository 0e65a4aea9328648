"""`watch add`: has something be watched from now on, or all names of a file."""

import argparse
import json
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot import bearing, freshness, portfolio, watching, wishes
from bot.answers import Standing
from bot.cli.loading import MOST_COMPLAINTS
from bot.cli.parts import Verbs, now, ready, user
from bot.cli.places import declared, desk_of, watch_of, where_of
from bot.cli.reporting import doubt, loaded_in_json, loaded_in_words, watch_in_json, watch_in_words
from bot.config import Settings
from bot.errors import UserError
from bot.portfolio import Exchanged, Portfolio
from bot.records import Dataset
from bot.watching import Added, Proposal
from bot.wishes import Wish

KINDS = ("name", *(kind for kind in wishes.KINDS if kind != "name"))
"""The options that say what sort of thing is watched."""


def add(doing: Verbs) -> None:
    """Something that is watched from now on."""
    one = declared(
        doing, "add", _run_add, "have something be watched from now on", 'add "Acme Optics" --channel C0123ABC'
    )
    one.add_argument(
        "text", nargs="*", metavar="TEXT", help="a name, or a list like SDN, or a topic: what it is, is looked up"
    )
    for kind, shown, does in (
        ("name", "NAME", "a name, also one that is on no record yet"),
        ("list", "NAME", "an official list: SDN, Entity List, EU; with countries: SDN China"),
        ("topic", "TEXT", "what claims are about: nitrocellulose"),
        ("entity", "ID", "a stored entity, by the id that ask --json shows"),
        ("portfolio", "FILE.csv", "counterparties: a column name, and if you like id, country and kind"),
    ):
        one.add_argument(f"--{kind}", default="", metavar=shown, help=does)
    one.add_argument("--label", default="", metavar="TEXT", help="what the portfolio is called (default: as its file)")
    one.add_argument("--replace", default="", metavar="ID", help="the watch whose names those of the portfolio replace")
    one.add_argument("--by", default="", metavar="NAME", help="who watches (default: who is logged in)")


def _run_add(options: argparse.Namespace, settings: Settings) -> int:
    if options.portfolio:
        return _add_portfolio(options, settings)
    wish, by = _wish(options), options.by or user()
    with ready(settings) as database:
        where, desk = where_of(options, settings), desk_of(database, settings)
        with database.reading() as session:
            known = desk.know(session, where.workspace)
            proposal = watching.propose(session, known, wish, where.workspace, now())
            sets = freshness.coverage(session, where.workspace, None, now().date(), settings.required_lists)
        if proposal.is_open:
            raise UserError(_open(proposal))
        with database.writing() as session:
            added = watching.add(session, proposal, where, by, now())
    said = (
        json.dumps(_added_in_json(added, proposal), ensure_ascii=False)
        if options.json
        else _added(added, proposal, sets)
    )
    print(said)
    return 0


def _wish(options: argparse.Namespace) -> Wish:
    """What is to be watched. Raises UserError where that is not said just once."""
    text = " ".join(options.text)
    said = [(kind, getattr(options, kind)) for kind in KINDS if getattr(options, kind)]
    if len(said) + bool(text) != 1 or options.replace or options.label:
        raise UserError(
            f"say one thing to watch: TEXT, or one of {', '.join(f'--{kind}' for kind in (*KINDS, 'portfolio'))}"
        )
    wish = wishes.read(text) if text else wishes.of(*said[0])
    if wish.place:
        raise UserError(f"{text}: for whom, is said with --channel ID or --user ID")
    return wish


def _open(proposal: Proposal) -> str:
    """What must be said to settle what is meant."""
    by_name = f"--name {shlex.quote(proposal.label)}"
    if proposal.names:
        names = " · ".join(map(shlex.quote, proposal.names))
        return f"{proposal.label} is several names: say one at a time ({names}), or --portfolio FILE · where it is one: {by_name}"
    one = proposal.subject.standing if proposal.subject else None
    if one:
        near = f"--entity {one.entity.id} ({one.entity.name}, {one.status}{_alike(one)})"
        return f"nobody on record is called quite {proposal.label}; say whom you mean: {near} · {by_name}"
    some = proposal.subject.candidates if proposal.subject else ()
    fit = " · ".join(f"--entity {one.entity.id} ({one.entity.name}, {one.status})" for one in some)
    return f"{proposal.label} may be several; say which: {fit} · or whoever is called so: {by_name}"


def _alike(one: Standing) -> str:
    return f", likeness {one.match.score:.2f}" if one.match else ""


def _added(added: Added, proposal: Proposal, sets: Sequence[Dataset]) -> str:
    before = "" if added.is_new else " (it was watched already)"
    return f"{watch_in_words(added.watch)}{before}{_stands(proposal, sets)}"


def _stands(proposal: Proposal, sets: Sequence[Dataset]) -> str:
    subject = proposal.subject
    if proposal.kind == "topic":
        return f"; claims on it now: {proposal.claims}"
    if subject is None:
        return loaded_in_words(proposal.sets, proposal.absent)
    if subject.standing:
        one = subject.standing
        stands = f"; now {subject.status}: {one.entity.name} ({one.entity.id})"
        if bearing.is_borne(subject):
            return stands
        goes_on = "; the name is watched on, and goes to whoever bears it exactly" if proposal.kind == "name" else ""
        return f"{stands}{_alike(one)}{goes_on}"
    near = ", ".join(f"{one.entity.name} ({one.entity.id}{_alike(one)})" for one in subject.candidates[:3])
    return f"; now {_nobody(subject.status, sets)}{f'; nearest: {near}' if near else ''}"


def _nobody(status: str, sets: Sequence[Dataset]) -> str:
    """The status of a name that no one entity bears, with what was searched."""
    if status == "cannot_say":
        return f"{status}{doubt(sets)}"
    searched = sum(one.loaded_at is not None for one in sets)
    return (
        f"{status} in {searched} source{'s' if searched != 1 else ''} (not a clearance)"
        if status == "no_record"
        else status
    )


def _added_in_json(added: Added, proposal: Proposal) -> dict[str, Any]:
    subject = proposal.subject
    near = [_entity(one) for one in subject.candidates] if subject and not subject.standing else []
    return {
        "watch": watch_in_json(added.watch),
        "new": added.is_new,
        "status": subject.status if subject else None,
        "entity": _entity(subject.standing) if subject and subject.standing else None,
        "nearest": near,
        **({"claims": proposal.claims} if proposal.kind == "topic" else {}),
        **(loaded_in_json(proposal.sets, proposal.absent) if proposal.kind == "list" else {}),
    }


def _entity(one: Standing) -> dict[str, Any]:
    likeness = one.match.score if one.match else None
    return {"id": one.entity.id, "name": one.entity.name, "status": one.status, "likeness": likeness}


def _add_portfolio(options: argparse.Namespace, settings: Settings) -> int:
    if options.text or any(getattr(options, kind) for kind in KINDS):
        raise UserError("--portfolio stands alone: its names are in the file; what it is called, --label says")
    path, by = Path(options.portfolio), options.by or user()
    with ready(settings) as database:
        where = where_of(options, settings)
        read = portfolio.read(path, str(path), options.label or path.stem)
        with database.writing() as session:
            if options.replace:
                done: Added | Exchanged = portfolio.exchange(
                    session, watch_of(session, options.replace, options.workspace), read, by, now()
                )
            else:
                done = portfolio.add(session, read, where, by, now())
    print(json.dumps(_portfolio_in_json(done, read), ensure_ascii=False) if options.json else _portfolio(done))
    return _complain(read)


def _portfolio(done: Added | Exchanged) -> str:
    words = watch_in_words(done.watch)
    if isinstance(done, Exchanged):
        return f"{words}; names: {done.added:,} new, {done.removed:,} left out, {done.kept:,} as before"
    return words


def _portfolio_in_json(done: Added | Exchanged, read: Portfolio) -> dict[str, Any]:
    size = len(read.rows)
    added, removed, kept = (done.added, done.removed, done.kept) if isinstance(done, Exchanged) else (size, 0, 0)
    return {
        "watch": watch_in_json(done.watch),
        "new": isinstance(done, Added),
        "added": added,
        "removed": removed,
        "kept": kept,
        "rejected": [{"where": one.where, "why": one.why} for one in read.rejected],
        "rejected_rows": read.rejected_rows,
        "lessened": [{"where": one.where, "why": one.why} for one in read.lessened],
        "lessened_rows": read.lessened_rows,
    }


def _complain(read: Portfolio) -> int:
    for some, count in ((read.rejected, read.rejected_rows), (read.lessened, read.lessened_rows)):
        for one in some[:MOST_COMPLAINTS]:
            print(f"{one.where}: {one.why}", file=sys.stderr)
        if count > MOST_COMPLAINTS:
            print(f"… and {count - MOST_COMPLAINTS:,} more", file=sys.stderr)
    return 1 if read.rejected_rows else 0
