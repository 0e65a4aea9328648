"""Somebody chooses the one that was meant, of several that a name fits."""

import re
from typing import Any

from slack_bolt import App

from bot import incoming
from bot.office import Office


def register(app: App, office: Office) -> None:
    """Takes the buttons with the names of candidates."""

    @app.action(re.compile(r"^choose_"))
    def choose(ack: Any, body: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        _, value = incoming.action(body)
        office.choose(context["item"], context["place"], value)
