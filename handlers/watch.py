"""Somebody watches a name, a list, a topic or a portfolio, asks what is watched, or stops that."""

import re
from collections.abc import Callable
from typing import Any

from slack_bolt import App

from bot import incoming, watchdesk, watchexport, watchforms
from bot.office import Office
from bot.watchdesk import Errand


def register(app: App, office: Office) -> None:
    """Takes `/exposure watch …`, the same said in a message, the buttons below answers, alerts and lists, and the forms."""
    _words(app, office)
    _buttons(app, office)
    _forms(app, office)


def errand(body: dict[str, Any], context: dict[str, Any]) -> Errand:
    """What somebody did, as an errand."""
    return watchdesk.errand(context["item"], context["place"], context["private"], incoming.asker(body))


def _words(app: App, office: Office) -> None:
    acts: dict[str, Callable[[Errand, str, dict[str, Any]], None]] = {
        "add": lambda one, said, body: watchdesk.watch(office, one, said),
        "end": lambda one, said, body: watchdesk.unwatch(office, one, said),
        "list": lambda one, said, body: watchdesk.show(office, one),
        "export": lambda one, said, body: watchexport.export(office, one),
        "portfolio": lambda one, said, body: watchforms.offer(office, one, str(body.get("trigger_id", ""))),
    }

    def is_wished(body: dict[str, Any]) -> bool:
        return watchdesk.wish(incoming.question(body))[0] in acts

    def watch(ack: Any, body: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        name, said = watchdesk.wish(incoming.question(body))
        acts[name](errand(body, context), said, body)

    app.command(incoming.COMMAND, matchers=[is_wished])(watch)
    app.event("app_mention", matchers=[is_wished])(watch)
    app.event("message", matchers=[is_wished])(watch)


def _buttons(app: App, office: Office) -> None:
    def on(action: str | re.Pattern[str], act: Callable[[Errand, str, dict[str, Any]], None]) -> None:
        def press(ack: Any, body: dict[str, Any], context: dict[str, Any]) -> None:
            ack()
            act(errand(body, context), incoming.action(body)[1], body)

        app.action(action)(press)

    on(re.compile(r"^watch_(choose_)?\d+$"), lambda one, value, body: watchdesk.press(office, one, value))
    on(re.compile(r"^unwatch(_\d+)?$"), lambda one, value, body: watchdesk.stop(office, one, value))
    on("watch_export", lambda one, value, body: watchexport.export(office, one))
    on("watch_upload", lambda one, value, body: watchforms.offer(office, one, body["trigger_id"]))


def _forms(app: App, office: Office) -> None:
    def on(form: str, act: Callable[[Errand, dict[str, Any]], None]) -> None:
        def submit(ack: Any, body: dict[str, Any], context: dict[str, Any]) -> None:
            ack()
            act(errand(body, context), incoming.fields(body))

        app.view(form)(submit)

    on(watchforms.WATCH, lambda one, fields: watchforms.watch(office, one, fields))
    on(watchforms.PORTFOLIO, lambda one, fields: watchforms.upload(office, one, fields))
