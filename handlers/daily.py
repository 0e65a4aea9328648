"""Somebody sets a channel's daily summary: on, off, how it stands, what it would say now."""

from collections.abc import Callable
from typing import Any

from slack_bolt import App

from bot import incoming, subscribing
from bot.mail import Place, Taken
from bot.office import Office


def register(app: App, office: Office) -> None:
    """Takes `/exposure daily …`, a handler for each thing that can be wished; who wishes it in a message hears of the command."""

    def on(name: str, act: Callable[[Taken, Place, str, str], None]) -> None:
        def is_wished(body: dict[str, Any]) -> bool:
            return subscribing.wish(incoming.question(body))[0] == name

        @app.command(incoming.COMMAND, matchers=[is_wished])
        def daily(ack: Any, body: dict[str, Any], context: dict[str, Any]) -> None:
            ack()
            _, when = subscribing.wish(incoming.question(body))
            act(context["item"], context["place"], when, incoming.asker(body))

    on("set", lambda item, place, when, by: subscribing.set_daily(office, item, place, when, by))
    on("off", lambda item, place, when, by: subscribing.stop_daily(office, item, place, by))
    on("status", lambda item, place, when, by: subscribing.show_status(office, item, place))
    on("preview", lambda item, place, when, by: subscribing.preview(office, item, place))

    def is_wished_at_all(body: dict[str, Any]) -> bool:
        return subscribing.wish(incoming.question(body))[0] != ""

    def by_message(ack: Any, body: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        said = office.desk.words.message("use_command", text=incoming.question(body))
        office.reply(context["item"], context["place"], said)

    app.event("app_mention", matchers=[is_wished_at_all])(by_message)
    app.event("message", matchers=[is_wished_at_all])(by_message)
