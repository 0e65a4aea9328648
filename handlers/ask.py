"""Somebody asks: by the command, by mentioning the bot in a channel, or in a direct message."""

from typing import Any

from slack_bolt import App

from bot import incoming
from bot.office import Office


def register(app: App, office: Office) -> None:
    """Answers whatever no other handler took."""

    def ask(ack: Any, body: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        office.answer(context["item"], context["place"], incoming.question(body))

    app.command(incoming.COMMAND)(ask)
    app.event("app_mention")(ask)
    app.event("message")(ask)
