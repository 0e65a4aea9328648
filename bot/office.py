"""What the doors on Slack's side share: answering in a place, by what was talked of there, and replying once."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot import answers, document, endings
from bot.answers import Answer, Context
from bot.config import Settings
from bot.desk import Desk
from bot.errors import Missing, UserError
from bot.lookup import Asking
from bot.mail import Outgoing, Place, Taken
from bot.reply import Message
from bot.sender import Sender
from bot.slack import Slack
from bot.store import channels, conversations, inbox, outbox
from bot.store.database import Database
from bot.workspaces import Workspaces

LAPSE = timedelta(hours=12)
"""How long a direct conversation, or one person's commands in a channel, stay about what they were about."""

SPOKEN = ("mention", "direct")
"""What comes with word of who reads along."""

WATCH, SHARE = ("watchable",), ("watchable", "share")
"""What an answer that others see ends with, and one that a single person sees."""


@dataclass(frozen=True)
class Office:
    """One process's means to answer in Slack; `now` gives the time, UTC."""

    settings: Settings
    database: Database
    desk: Desk
    workspaces: Workspaces
    sender: Sender
    now: Callable[[], datetime]

    def slack(self, workspace: str) -> Slack:
        """The Slack of a workspace. Raises Missing where there is no token of it."""
        if slack := self.workspaces.among([workspace]):
            return slack
        raise Missing(f"SLACK_BOT_TOKEN has no token of the workspace {workspace}")

    def answer(self, item: Taken, place: Place, question: str) -> None:
        """Answers a question where it was asked; nothing asked gets help. Raises UserError as the desk does."""
        before = self.talked_of(place)
        by = by_whom(place)
        asking = Asking(
            question or "help", place.workspace, self.now(), context=before, outsiders=place.outsiders, by=by
        )
        self._tell(item, place, asking, key=f"reply:{item.number}")

    def choose(self, item: Taken, place: Place, value: str) -> None:
        """Answers for the one of several that a button stands for: in the stead of an answer that one person sees, else below
        it, once. Raises UserError where the answer or the choice is there no more."""
        receipt, number, entity_id = value.split(" ")
        asked = self.desk.asked(receipt, place.workspace)
        chosen = (*asked.chosen, (int(number), entity_id))
        by = by_whom(place)
        asking = replace(asked, now=self.now(), chosen=chosen, by=by)
        key = f"reply:{item.number}" if place.response_url else f"choose:{place.channel}:{place.thread}:{value}"
        self._tell(item, place, asking, key)

    def _tell(self, item: Taken, place: Place, asking: Asking, key: str) -> None:
        prepared = self.desk.prepare(asking, after=SHARE if place.response_url else WATCH)
        instead = {"replace_original": True} if asking.chosen and place.response_url else {}
        about = document.context(answers.context(prepared.answer, asking.context))
        with self.ending(item, letter(place, prepared.message, key, instead)) as session:
            conversations.put(session, place.workspace, place.conversation, about, asking.now)
            self._heard(session, item, place, asking.now)
            # Last: PostgreSQL lets one transaction at a time into a workspace's chain of receipts.
            self.desk.keep(session, prepared)

    def _heard(self, session: Session, item: Taken, place: Place, now: datetime) -> None:
        """Notes what something that came in tells of the place where it was said."""
        is_member = item.kind in SPOKEN
        user = place.user if place.channel.startswith(channels.DIRECT) else ""
        if is_member:
            channels.seen(session, place.workspace, place.channel, place.outsiders, now)
        if user:
            channels.met(session, place.workspace, user, place.channel)
        endings.returned(session, place.workspace, place.channel, now, is_member=is_member, user=user)

    def talked_of(self, place: Place) -> Context:
        """What was last talked of in a place: in a thread whenever that was, elsewhere not long ago."""
        since = datetime.min.replace(tzinfo=UTC) if place.thread else self.now() - LAPSE
        with self.database.reading() as session:
            return document.read_context(conversations.context(session, place.workspace, place.conversation, since))

    def reply(self, item: Taken, place: Place, message: Message, *, key: str = "", **options: Any) -> None:
        """Ends what came in with a message, and sends that. `options` go to Slack as they are."""
        with self.ending(item, letter(place, message, key or f"reply:{item.number}", options)) as session:
            self._heard(session, item, place, self.now())

    @contextmanager
    def ending(self, item: Taken, outgoing: Outgoing) -> Iterator[Session]:
        """Ends what came in with a message, in one transaction with what else is to be kept, and then sends that."""
        with self.database.writing() as session:
            sending = self.sender.reserve(session, outgoing)
            inbox.done(session, item.number, self.now())
            yield session
        if sending:
            self.sender.send(sending)

    def finish(self, item: Taken) -> None:
        """Ends what came in without a message."""
        with self.database.writing() as session:
            inbox.done(session, item.number, self.now())

    def share(self, item: Taken, place: Place, receipt: str, by: str) -> None:
        """Says an answer that one person saw to the whole channel, once, and takes that one away. Raises UserError where the
        answer is there no more, or where it must stay among colleagues."""
        answer = self._fit_to_share(place, receipt)
        message = self.desk.words.answer(answer, before=("shared",), by=by, user=place.user)
        key = f"share:{place.channel}:{receipt}"
        with self.ending(item, letter(place, message, key, {"response_type": "in_channel"})) as session:
            self.desk.keep_sharing(session, receipt, place.workspace, by_whom(place), self.now())
        with self.database.reading() as session:
            state, _ = outbox.ending(session, key)
        if state == "sent":
            self.slack(place.workspace).respond(place.response_url, {"delete_original": True})

    def _fit_to_share(self, place: Place, receipt: str) -> Answer:
        """The answer of a receipt as everybody may read it who reads the channel."""
        answer = self.again(place, receipt)
        with self.database.reading() as session:
            if channels.is_internal(session, place.workspace, place.channel):
                return answer
        public = self.desk.again(receipt, place.workspace, outsiders=True)
        if (public.subjects, public.claims, public.events) != (answer.subjects, answer.claims, answer.events):
            raise UserError(
                "This answer rests on records of your own workspace, and I do not know that only colleagues read this "
                "channel. Mention me here once, so that Slack tells me; then share it again."
            )
        return public

    def again(self, place: Place, receipt: str) -> Answer:
        """The answer of a receipt. Raises UserError where this workspace has none of that id."""
        return self.desk.again(receipt, place.workspace)


def by_whom(place: Place) -> str:
    """Who did something where, as receipts say it."""
    return f"slack {place.workspace}/{place.channel}/{place.user}"


def letter(place: Place, message: Message, key: str, options: Mapping[str, Any]) -> Outgoing:
    """A message on its way to a place."""
    payload = message.payload()
    if place.response_url:
        payload = {**payload, "response_type": "ephemeral", "replace_original": False, **options}
    else:
        payload = {**payload, "channel": place.channel, **({"thread_ts": place.thread} if place.thread else {})}
    return Outgoing(key, place.workspace, place.channel, payload, place.response_url)
