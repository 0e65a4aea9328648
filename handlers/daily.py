"""Somebody sets a channel's daily or weekly summary: on, off, how it stands, what it would say now."""

from collections.abc import Callable
from typing import Any

from slack_bolt import App

from bot import incoming, subscribing
from bot.mail import Place, Taken
from bot.office import Office
from bot.subscribing import Wish


def register(app: App, office: Office) -> None:
    """Takes `/exposure daily …` and `/exposure weekly …`, and the same in a direct message, a handler for each thing that can be
    wished; who wishes it by a mention hears of the command."""

    def on(what: str, act: Callable[[Taken, Place, Wish, str], None]) -> None:
        def is_wished(body: dict[str, Any]) -> bool:
            wished = subscribing.wish(incoming.question(body))
            return wished is not None and wished.what == what

        def daily(ack: Any, body: dict[str, Any], context: dict[str, Any]) -> None:
            ack()
            if wished := subscribing.wish(incoming.question(body)):
                act(context["item"], context["place"], wished, incoming.asker(body))

        app.command(incoming.COMMAND, matchers=[is_wished])(daily)
        app.event("message", matchers=[is_wished])(daily)

    on("set", lambda item, place, wished, by: subscribing.start(office, item, place, wished, by))
    on("off", lambda item, place, wished, by: subscribing.stop(office, item, place, wished, by))
    on("status", lambda item, place, wished, by: subscribing.show_status(office, item, place, wished))
    on("preview", lambda item, place, wished, by: subscribing.preview(office, item, place, wished))
    on("unknown", lambda item, place, wished, by: subscribing.say_what_can_be_said(office, item, place, wished))

    def is_wished_at_all(body: dict[str, Any]) -> bool:
        return subscribing.wish(incoming.question(body)) is not None

    def by_mention(ack: Any, body: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        if wished := subscribing.wish(incoming.question(body)):
            tell = subscribing.say_what_can_be_said if wished.what == "unknown" else subscribing.say_the_command
            tell(office, context["item"], context["place"], wished)

    app.event("app_mention", matchers=[is_wished_at_all])(by_mention)
