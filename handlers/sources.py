"""Somebody wants to see every source behind an answer: a modal, with pages where there are many."""

import re
from typing import Any

from slack_bolt import App

from bot import incoming, modal
from bot.office import Office


def register(app: App, office: Office) -> None:
    """Takes the button *All sources*, and those that turn its pages."""

    @app.action("sources")
    def sources(ack: Any, body: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        _, receipt = incoming.action(body)
        modal.show(office, context["item"], context["private"], receipt, trigger_id=body["trigger_id"])

    @app.action(re.compile(r"^page_"))
    def turn(ack: Any, body: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        receipt, page = incoming.action(body)[1].split(" ")
        modal.turn(office, context["item"], context["private"], receipt, page, view_id=body["view"]["id"])
