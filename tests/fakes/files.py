"""Files as Slack takes, shares and gives them out. https://docs.slack.dev/messaging/working-with-files"""

import mimetypes
import re
import secrets
from typing import TYPE_CHECKING

from tests.fakes import rules
from tests.fakes.model import File, Json, Refused, Reply

if TYPE_CHECKING:
    from tests.fakes import FakeSlack

ALT_TEXT = 1000
PICTURES = (".png", ".jpg", ".jpeg", ".gif")
ID = re.compile(r"F[A-Z0-9]{8,}")

SIGN_IN = "<!DOCTYPE html><html><head><title>Sign in to Slack</title></head></html>"
"""What a browser, or whoever has no right to a file, gets instead of it."""


def announce(slack: "FakeSlack", args: Json) -> Json:
    """https://docs.slack.dev/reference/methods/files.getUploadURLExternal"""
    name, length = str(args.get("filename") or ""), str(args.get("length") or "")
    if not name or not length.isdigit() or int(length) == 0:
        raise Refused("invalid_arguments")
    alt = str(args.get("alt_txt") or "")
    if len(alt) > ALT_TEXT:
        raise Refused("alt_txt_too_large")
    file = File(slack.new_id("F"), name, int(length), slack.bot_user, secrets.token_hex(8), alt=alt)
    slack.files[file.id] = file
    return {"upload_url": f"{slack.root}/upload/v1/{_mark(slack, file)}", "file_id": file.id}


def upload(slack: "FakeSlack", address: str, body: bytes) -> Reply:
    """The bytes, posted to the URL that was given for them; no token is needed for that."""
    file = _marked(slack, address)
    if file is None or file.data is not None:
        return Reply(404, "Not found")
    if len(body) != file.size:
        return Reply(400, f"{len(body)} bytes instead of {file.size}")
    file.data = body
    return Reply(200, f"OK - {file.size}")


def info(slack: "FakeSlack", args: Json) -> Json:
    """https://docs.slack.dev/reference/methods/files.info"""
    file = slack.files.get(str(args.get("file") or ""))
    if file is None or file.ready_at is None:
        raise Refused("file_not_found")
    return {"file": as_file(slack, file)}


def download(slack: "FakeSlack", address: str, token: str) -> Reply:
    """A file by its `url_private`: the page to sign in on for whoever may not see it, as Slack answers."""
    file = _marked(slack, address)
    if token != slack.token or slack.token_error or "files:read" not in slack.scopes:
        return Reply(302, "", {"Location": f"{slack.root}/signin?redir={address}"})
    if file is None or file.data is None:
        return Reply(404, "Not found")
    return Reply(200, file.data, {"Content-Type": _kind(file)})


def people_upload(slack: "FakeSlack", name: str, data: bytes, user: str = "U1") -> Json:
    """A file that a person uploads, as it stands in the event that tells of it."""
    file = File(slack.new_id("F"), name, len(data), user, secrets.token_hex(8), data, name, ready_at=slack.now())
    slack.files[file.id] = file
    return as_file(slack, file)


def as_file(slack: "FakeSlack", file: File) -> Json:
    """A file as Slack tells of it, without its kind while it is processed. https://docs.slack.dev/reference/objects/file-object"""
    is_ready = file.ready_at is not None and file.ready_at <= slack.now()
    kind = {"mimetype": _kind(file) if is_ready else "", "filetype": file.name.rpartition(".")[2] if is_ready else ""}
    what = {"id": file.id, "name": file.name, "title": file.title, "size": file.size, "mode": "hosted", **kind}
    address = f"{slack.root}/files-pri/{_mark(slack, file)}"
    where = {"url_private": f"{address}/{file.name}", "url_private_download": f"{address}/download/{file.name}"}
    seen = {"permalink": f"https://{slack.domain}.slack.com/files/{file.user}/{file.id}/{file.name}"}
    return {
        **what,
        **where,
        **seen,
        "user": file.user,
        "is_external": False,
        **({"alt_txt": file.alt} if file.alt else {}),
    }


def check_pictures(slack: "FakeSlack", blocks: list[Json]) -> None:
    """https://docs.slack.dev/reference/block-kit/composition-objects/slack-file-object"""
    wrong = [
        f"{why} [json-pointer:/blocks/{place}/slack_file]"
        for place, block in enumerate(blocks)
        for thing in rules.objects(block)
        if "slack_file" in thing and (why := _wrong(slack, thing["slack_file"]))
    ]
    if wrong:
        raise Refused(
            "invalid_blocks", errors=wrong, response_metadata={"messages": [f"[ERROR] {why}" for why in wrong]}
        )


def _wrong(slack: "FakeSlack", named: Json) -> str:
    id, url = str(named.get("id") or ""), str(named.get("url") or "")
    if bool(id) == bool(url):
        return "must have either an id or a url"
    if id and not ID.fullmatch(id):
        return f"input must match regex pattern: ^{ID.pattern}$"
    told = [(file, as_file(slack, file)) for file in ([slack.files[id]] if id in slack.files else slack.files.values())]
    file = next((file for file, one in told if id == file.id or url in (one["url_private"], one["permalink"])), None)
    is_ready = file and file.ready_at is not None and file.ready_at <= slack.now()
    return "" if file and is_ready and file.name.lower().endswith(PICTURES) else "invalid slack file"


def _mark(slack: "FakeSlack", file: File) -> str:
    """What stands for a file in an address, and cannot be guessed."""
    return f"{slack.team}-{file.id}-{file.secret}"


def _marked(slack: "FakeSlack", address: str) -> File | None:
    parts = address.replace("/", "-").split("-")
    return next((file for id in parts if (file := slack.files.get(id)) and file.secret in parts), None)


def _kind(file: File) -> str:
    return mimetypes.guess_type(file.name)[0] or "application/octet-stream"
