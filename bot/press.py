"""Makes the summaries that are due: what channels share is gathered and worded once, and each gets its own receipt."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from bot import bulletin, dates, receipts, scoping
from bot.answers import Digest
from bot.bulletin import Bulletin
from bot.digest import Due, Edition
from bot.gathering import gather
from bot.mail import Attachment, Scope
from bot.reply import Message, Words

RECEIPT = "00000000-000000000000"
KEY = "key0of0a0summary"
"""What stands in a summary that several channels share where each has its own."""

MOST_KEPT = 1_000
"""Of how many events a receipt keeps the ids."""


class Press:
    """Makes summaries, each thing once that several of them have in common: 2,000 channels are due at nine. `required` are the
    lists that must be fresh."""

    def __init__(self, words: Words, required: Collection[str] = ()) -> None:
        self.words, self.required = words, required
        self.digests: dict[tuple[Any, ...], Digest] = {}
        self.printed: dict[tuple[Any, ...], _Printed] = {}

    def make(self, session: Session, due: Due) -> Edition:
        """The summary of a channel. Before its moment nobody may be writing records any more. Reads only."""
        return self._issue(due, *self._printed(session, due))

    def again(self, due: Due) -> Edition | None:
        """The same where nothing need be read for it, because another channel was told the same; else None."""
        one = due.subscription
        shared = (due.sees, one.told_until, due.until, None, one.edition)
        printed = self.printed.get((*shared, due.day, one.zone, due.past.unsettled))
        return self._issue(due, self.digests[shared], printed) if printed and one.scope == Scope() else None

    def _issue(self, due: Due, digest: Digest, printed: "_Printed") -> Edition:
        receipt, key = receipts.new_id(due.until), f"{due.subscription.key}:{due.day}"
        issue = printed.issue(receipt, re.sub(r"\W", "-", key))
        first, *thread = issue.said
        said = {"text": first.text, "blocks": first.blocks, "thread": [one.text for one in thread]}
        asker = f"{due.subscription.edition} {due.subscription.channel}"
        return Edition(due, digest, issue, receipt, {**printed.evidence, **said, "asker": asker})

    def proof(self, session: Session, due: Due) -> Edition:
        """The same to look at: without a receipt, for none is kept."""
        _, digest = self._gathered(session, due)
        told = bulletin.compose(self.words, digest, due.day, due.subscription.zone, "", due.subscription.edition)
        return Edition(due, digest, told, "", {})

    def _printed(self, session: Session, due: Due) -> tuple[Digest, "_Printed"]:
        shared, digest = self._gathered(session, due)
        zone, edition = due.subscription.zone, due.subscription.edition
        own = (*shared, due.day, zone, due.past.unsettled)
        if own not in self.printed:
            told = bulletin.compose(self.words, digest, due.day, zone, RECEIPT, edition, KEY)
            self.printed[own] = _Printed(digest, told)
        return digest, self.printed[own]

    def _gathered(self, session: Session, due: Due) -> tuple[tuple[Any, ...], Digest]:
        """What is told, and all that it depends on."""
        one = due.subscription
        shared = (due.sees, one.told_until, due.until, scoping.wanted(session, one), one.edition)
        if shared not in self.digests:
            self.digests[shared] = gather(session, *shared, required=self.required)
        return shared, replace(self.digests[shared], unsettled=due.past.unsettled)


class _Printed:
    """A summary in words, for any channel."""

    def __init__(self, digest: Digest, told: Bulletin) -> None:
        self.evidence, self.told = evidence(digest, told.sheet), told
        self.said = [(one, _form((one.text, one.blocks))) for one in told.said]

    def issue(self, receipt: str, name: str) -> Bulletin:
        """That of one channel, by its receipt and the name of its files."""

        def own(text: str) -> str:
            return text.replace(RECEIPT, receipt).replace(KEY, name)

        def own_file(one: Attachment | None) -> Attachment | None:
            # No receipt stands within files.
            return one and replace(one, name=own(one.name), title=own(one.title), alt=own(one.alt))

        said = tuple(Message(*fill(own)) if fill else one for one, fill in self.said)
        told = self.told
        files = own_file(told.picture), own_file(told.sheet)
        return replace(told, said=said, picture=files[0], sheet=files[1], sheet_text=own(told.sheet_text))


def _form(value: Any) -> Callable[[Callable[[str], str]], Any] | None:
    """What makes a copy of a value with its texts filled in; None where nothing is to be. Most of a long day's words are the same
    for all, and are not copied."""
    if isinstance(value, str):
        return (lambda own: own(value)) if RECEIPT in value or KEY in value else None
    if isinstance(value, dict):
        fills = {name: fill for name, part in value.items() if (fill := _form(part))}
        return (lambda own: value | {name: fill(own) for name, fill in fills.items()}) if fills else None
    if isinstance(value, (list, tuple)):
        forms = [(part, _form(part)) for part in value]
        is_same = not any(fill for _, fill in forms)
        return None if is_same else lambda own: [fill(own) if fill else part for part, fill in forms]
    return None


def evidence(digest: Digest, sheet: Attachment | None = None) -> dict[str, Any]:
    """What a receipt keeps of a summary, besides its words: what was told, by which data; of many events the first, and the
    fingerprint of the table that has all."""
    told: dict[str, list[str]] = {}
    for event in digest.events[:MOST_KEPT]:
        told.setdefault(event.what, []).append(event.record_id)
    data = [(one.list, one.version, one.loaded_at) for one in digest.coverage]
    return {
        "digest": {
            "since": dates.moment(digest.since),
            "until": dates.moment(digest.until),
            "counts": dict(digest.counts),
            "told": told,
            "records": Counter(one.what for one in digest.records),
            "baselines": [one.list for one in digest.baselines],
            "sheet": hashlib.sha256(sheet.data).hexdigest() if sheet else "",
        },
        "data": [
            {"list": list, "version": version, "loaded_at": dates.moment(at) if at else ""}
            for list, version, at in data
        ],
    }
