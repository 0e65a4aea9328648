"""The bytes of files, to Slack and from it. https://docs.slack.dev/messaging/working-with-files"""

import re
from http.client import HTTPException, HTTPResponse
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from bot.errors import Missing, UserError

SLACKS = re.compile(r"(?:[a-z0-9-]+\.)*slack\.com")


def put(url: str, data: bytes, seconds: float) -> None:
    """Uploads bytes to an address that Slack gave for them. Raises OSError or HTTPException where that did not work."""
    kind = {"Content-Type": "application/octet-stream"}
    with urlopen(Request(url, data, kind, method="POST"), timeout=seconds) as answer:
        answer.read()


def get(url: str, token: str, home: str, most: int, seconds: float) -> bytes:
    """What a person uploaded, by its `url_private`; `home` is the address of Slack's Web API. Raises UserError where it is no
    address of Slack's, is bigger than `most` bytes or may not be read, Missing where Slack cannot be reached."""
    parts, ours = urlsplit(url), urlsplit(home)
    is_slacks = parts.scheme == "https" and SLACKS.fullmatch(parts.hostname or "")
    if not is_slacks and (parts.scheme, parts.netloc) != (ours.scheme, ours.netloc):
        raise UserError("I read only files that are kept in Slack; please upload the file itself.")
    request = Request(url)
    # Not to be passed on to where Slack may send us instead.
    request.add_unredirected_header("Authorization", f"Bearer {token}")
    try:
        with urlopen(request, timeout=seconds) as answer:
            return _read(answer, most)
    except HTTPError as error:
        raise UserError(f"Slack does not give me that file ({error.code}); please upload it again.") from error
    except (OSError, HTTPException) as error:
        raise Missing(f"a file cannot be fetched from Slack: {error}") from error


def _read(answer: HTTPResponse, most: int) -> bytes:
    if answer.headers.get_content_type() == "text/html":
        # The page to sign in on: Slack's way to say no.
        raise UserError("I may not read files here: whoever installed me can give me the permission files:read.")
    data = answer.read(most + 1)
    if len(data) > most:
        raise UserError(f"That file is bigger than the {most // 1_000_000} MB that I read.")
    return data
