"""Builds the Bolt app: what comes in is kept before Slack hears that it arrived, and done from there; errors become words."""

import logging
import uuid
from collections.abc import Callable
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult

from bot import incoming
from bot.errors import Missing, UserError
from bot.mail import Taken
from bot.metrics import Metrics
from bot.office import Office
from bot.reply import Message
from bot.slack import anonymous
from bot.store import inbox
from bot.store.database import Database
from handlers import HANDLERS

log = logging.getLogger("flagpost")

MOST_ATTEMPTS = 3
"""How many processes may die of one thing before it is given up."""


class Entrance:
    """What all that Slack delivers passes first: is it for us, is it new? Then it is kept, and somebody is woken to do it.

    `database` is one of little patience: Slack wants to hear within three seconds.
    """

    def __init__(self, office: Office, database: Database, metrics: Metrics, wake: Callable[[], None]) -> None:
        self.office, self.database, self.metrics, self.wake = office, database, metrics, wake

    def __call__(self, request: BoltRequest, next: Callable[[], Any]) -> BoltResponse | None:
        """A response that ends the request, or None after `next()`: what the worker takes from the inbox passes."""
        if "item" in request.context:
            next()
            return None
        if request.body.get("type") == "url_verification":
            next()
            return None
        return self._keep(request)

    def _keep(self, request: BoltRequest) -> BoltResponse:
        concerns = incoming.read(request.body)
        if concerns is None or self._is_foreign(request.body):
            return BoltResponse(status=200)
        with self.metrics.acknowledging.time():
            try:
                with self.database.writing() as session:
                    is_new = inbox.accept(session, concerns, self.office.now())
            except Missing as error:
                log.error("%s could not be kept: %s", concerns.kind, error)
                return self._cannot(concerns.kind)
        self.metrics.came(concerns.kind, is_new)
        log.info("%s %s %s", concerns.kind, concerns.lane, "accepted" if is_new else "came before")
        if is_new:
            self.wake()
        return BoltResponse(status=200)

    def _is_foreign(self, payload: dict[str, Any]) -> bool:
        """Where that is not known yet, it is kept. Slack is not asked here: it waits for us."""
        ours = self.office.workspaces
        return ours.all_known and ours.known.keys().isdisjoint(incoming.teams(payload))

    def _cannot(self, kind: str) -> BoltResponse:
        """Slack sends an event again after a 503. A command it does not: the person hears it."""
        if kind != "command":
            return BoltResponse(status=503)
        message = self.office.desk.words.message("unavailable")
        body = {"response_type": "ephemeral", **message.payload()}
        return BoltResponse(status=200, body=body)


class Doing:
    """Does one thing from the inbox: the Bolt app finds the handler; what goes wrong becomes words."""

    def __init__(self, office: Office, entrance: Callable[..., Any], metrics: Metrics) -> None:
        self.office, self.metrics = office, metrics
        self.app = App(
            name="bolt",  # also the name of a logger, which Bolt sets up
            logger=_quiet("flagpost.bolt"),  # it warns of settings that it finds and need not use
            client=anonymous(office.settings.slack_api_url),
            # Bolt looks at the names of a function's arguments, and stumbles over `self`.
            before_authorize=lambda request, next: entrance(request, next),
            authorize=lambda context: self._authorize(context),
            request_verification_enabled=False,  # bot/web.py does, before anything is read: Bolt logs what it refuses
            process_before_response=True,  # nobody waits: the answer is sent by then, or the thing stays in the inbox
        )
        self.app.error(lambda error, context: self._explain(error, context))
        for handler in HANDLERS:
            handler.register(self.app, office)

    def __call__(self, item: Taken) -> None:
        """Does it, and marks it done. Raises Missing where an outside thing is not there; then it is still to be done."""
        slack = self.office.workspaces.among(incoming.teams(item.payload))
        who = slack.identity() if slack else None
        if who is None or incoming.place(item.payload).user == who.user:
            log.warning("%s %d is of another workspace or of our own, and is dropped", item.kind, item.number)
            return self.office.finish(item)
        if item.attempts > MOST_ATTEMPTS:
            return self._give_up(item)
        place = incoming.place(item.payload, who.workspace)
        asked = {"item": item, "place": place, "private": incoming.private(item.payload, place)}
        request = BoltRequest(body=item.payload, mode="socket_mode", context=asked)
        response = self.app.dispatch(request)
        if missing := request.context.get("missing"):
            raise missing
        if response.status == 404:
            log.warning("%s %d is nothing that anybody listens to", item.kind, item.number)
            return self.office.finish(item)
        self.metrics.replied.observe((self.office.now() - item.received_at).total_seconds())
        return None

    def _authorize(self, context: dict[str, Any]) -> AuthorizeResult:
        slack = self.office.slack(context["place"].workspace)
        who, token = slack.identity(), slack.client.token
        return AuthorizeResult(
            enterprise_id=None, team_id=who.workspace, bot_user_id=who.user, bot_id=who.bot, bot_token=token
        )

    def _explain(self, error: Exception, context: dict[str, Any]) -> None:
        """Tells the asker what he can mend as it stands; of what we did wrong he hears the reference. At the entrance there is
        nothing to tell yet: Slack delivers again."""
        item: Taken | None = context.get("item")
        if item is None:
            return log.error("the entrance failed", exc_info=error)
        try:
            if isinstance(error, Missing):
                raise error
            if isinstance(error, UserError):
                self._say(item, self.office.desk.words.message("refused", why=str(error)))
            else:
                log.error("%s %d failed", item.kind, item.number, exc_info=error)
                self._apologise(item, type(error).__name__)
        except Missing as missing:
            context["missing"] = missing
        return None

    def _give_up(self, item: Taken) -> None:
        """It took several processes with it. Where even the apology does, it ends without."""
        if item.attempts > 2 * MOST_ATTEMPTS:
            return self.office.finish(item)
        return self._apologise(item, f"{item.attempts - 1} attempts")

    def _apologise(self, item: Taken, why: str) -> None:
        reference = uuid.uuid4().hex[:8]
        log.error("%s %d given up (%s), reference %s", item.kind, item.number, why, reference)
        self.metrics.failed.inc()
        self._say(item, self.office.desk.words.message("failed", reference=reference))

    def _say(self, item: Taken, message: Message) -> None:
        """Once the item is found to be ours, so that its workspace is known."""
        ours = next(iter(sorted(incoming.teams(item.payload) & self.office.workspaces.known.keys())))
        place = incoming.place(item.payload, ours)
        self.office.reply(item, incoming.private(item.payload, place), message)


def _quiet(name: str) -> logging.Logger:
    logger = logging.getLogger(name)
    logger.setLevel(logging.ERROR)
    return logger
