"""The doors on Slack's side, a module for each thing a person does; HANDLERS lists them in the order they are registered."""

HANDLERS: tuple[str, ...] = ()
