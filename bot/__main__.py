"""The command line: `python -m bot VERB`."""

import importlib
import io
import logging
import os
import sys
import uuid
from collections.abc import Sequence

from bot import config
from bot.cli import VERBS
from bot.cli.parts import Parser
from bot.errors import Missing, UserError

log = logging.getLogger("flagpost")


def main(arguments: Sequence[str]) -> int:
    """Runs one verb; the exit status says how it went: 0, 1, 2 or 3."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Bytes that are no text, and text that the terminal cannot show, are no reason to fail.
            stream.reconfigure(errors="replace" if stream is sys.stdin else "backslashreplace")
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    try:
        options = _parser(arguments).parse_args(arguments)
        return int(options.run(options, config.read()))
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    except Missing as error:
        print(error, file=sys.stderr)
        return 3
    except BrokenPipeError:
        # What is still to be flushed goes nowhere, instead of failing at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        print(f"cannot read or write: {error.strerror}", file=sys.stderr)
        return 3
    except Exception:  # one of the two catch-alls
        reference = uuid.uuid4().hex[:8]
        log.exception("reference %s", reference)
        print(f"Something went wrong on our side; the reference is {reference}.", file=sys.stderr)
        return 3


def _parser(arguments: Sequence[str]) -> Parser:
    parser = Parser(prog="python -m bot", description="Flagpost: who is listed or named, and who says so.")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    # A verb waits for what it needs itself to be imported, not for what all others need.
    wanted = [name for name in VERBS if name in arguments[:1]] or VERBS
    for name in wanted:
        getattr(importlib.import_module(f"bot.cli.{VERBS[name]}"), name)(verbs)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
