"""Somebody opens the bot's home, and sets there what is watched."""

from collections.abc import Callable
from typing import Any

from slack_bolt import App

from bot import home, incoming, watchforms
from bot.office import Office
from bot.watchdesk import Errand
from handlers.watch import errand


def register(app: App, office: Office) -> None:
    """Takes the opening of the home, and the buttons in it; the forms that were opened from it are taken before others'."""

    @app.event("app_home_opened")
    def open_home(ack: Any, context: dict[str, Any]) -> None:
        ack()
        home.show(office, context["item"], context["place"])

    # Bolt gives a matcher what its arguments are called after: it is `body` here.
    def is_home(body: dict[str, Any]) -> bool:
        return incoming.is_home(body)

    def press(action: str, act: Callable[[Errand, dict[str, Any]], None]) -> None:
        def pressed(ack: Any, body: dict[str, Any], context: dict[str, Any]) -> None:
            ack()
            act(errand(body, context), body)

        app.action(action, matchers=[is_home])(pressed)

    press("unwatch", lambda one, body: home.stop(office, one, incoming.action(body)[1]))
    press("home_watch", lambda one, body: watchforms.ask(office, one, body["trigger_id"], watchforms.HOME))
    press("home_portfolio", lambda one, body: watchforms.offer(office, one, body["trigger_id"], watchforms.HOME))

    def is_from_home(body: dict[str, Any]) -> bool:
        return incoming.metadata(body) == watchforms.HOME

    def form(name: str, act: Callable[[Errand, dict[str, Any]], None]) -> None:
        def submitted(ack: Any, body: dict[str, Any], context: dict[str, Any]) -> None:
            ack()
            act(errand(body, context), incoming.fields(body))

        app.view(name, matchers=[is_from_home])(submitted)

    form(watchforms.WATCH, lambda one, fields: home.watch(office, one, fields))
    form(watchforms.PORTFOLIO, lambda one, fields: home.upload(office, one, fields))
