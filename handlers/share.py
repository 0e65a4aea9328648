"""Somebody shares an answer that only he sees with the channel."""

from typing import Any

from slack_bolt import App

from bot import incoming
from bot.office import Office


def register(app: App, office: Office) -> None:
    """Takes the button *Share in channel*."""

    @app.action("share")
    def share(ack: Any, body: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        _, receipt = incoming.action(body)
        office.share(context["item"], context["private"], receipt, incoming.asker(body))
