"""A PostgreSQL server of our own, where its programs are on this machine."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def binaries() -> Path | None:
    """The folder of the newest PostgreSQL on this machine."""
    found = shutil.which("initdb")
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return Path(found).resolve().parent if found else versions[-1].parent if versions else None


@contextmanager
def server(programs: Path, *settings: str) -> Iterator[str]:
    """A server on a socket only: the folder of that, which is the host part of its URLs."""
    # initdb refuses to be run by root.
    as_user: dict[str, Any] = {"user": "nobody", "extra_groups": []} if os.getuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="flagpost-pg-"))
    if as_user:
        shutil.chown(folder, "nobody")
    data = folder / "data"
    quiet: dict[str, Any] = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder, **as_user}
    options = " ".join(f"-c {one}" for one in ("listen_addresses=", f"unix_socket_directories={folder}", *settings))
    subprocess.run(
        [str(programs / "initdb"), "-D", str(data), "-U", "flagpost", "-A", "trust", "-E", "UTF8", "--locale=C"],
        **quiet,
    )
    control = [str(part) for part in (programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log")]
    subprocess.run([*control, "-o", options, "start"], **quiet)
    try:
        yield str(folder)
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **quiet)
        shutil.rmtree(folder)


def url(host: str, name: str) -> str:
    """The address of a database of that server."""
    return f"postgresql+psycopg://flagpost@/{name}?host={host}"
