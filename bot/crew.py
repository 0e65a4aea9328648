"""Does work on chunks in processes of its own, as many at a time as there are workers, and gives the results in order."""

import multiprocessing
import signal
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from multiprocessing.connection import Connection, wait
from typing import Any, Self, TypeAlias

from bot.errors import FlagpostError, Missing, UserError

Work: TypeAlias = Callable[[list[Any]], list[Any]]
Task: TypeAlias = Callable[[], AbstractContextManager[Work]]
"""Makes a worker ready; what it gives does the work on one chunk. It goes to other processes, so it must be picklable."""

AHEAD = 4
"""Chunks for each worker that are under way or wait for an earlier one."""

PATIENCE = 2
"""Seconds that a worker gets to end by itself."""

GONE = "a worker process ended before its work was done (killed, or out of memory); fewer --workers need less"


def in_order(task: Task, chunks: Iterator[list[Any]], workers: int) -> Generator[list[Any], None, None]:
    """What the work gives for each chunk, in their order; one worker works in this process.

    Raises what a worker raises of FlagpostError, and Missing where one dies.
    """
    if workers == 1:
        with task() as work:
            yield from map(work, chunks)
    else:
        with _Crew(task, workers) as crew:
            yield from crew.work(chunks)


class _Crew:
    """Processes that each wait for a chunk at the end of a pipe. They end when it is closed, so also when this process dies."""

    def __init__(self, task: Task, workers: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipes: list[Connection[Any, Any]] = []
        self.processes = []
        with _deaf():
            for _ in range(workers):
                ours, theirs = context.Pipe()
                process = context.Process(target=_serve, args=(task, theirs), daemon=True)
                process.start()
                theirs.close()
                self.pipes.append(ours)
                self.processes.append(process)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        for pipe in self.pipes:
            pipe.close()
        for process in self.processes:
            # They only read: where nobody waits for their work, they are stopped in the middle of it.
            process.join(0 if error[0] else PATIENCE)
            process.kill()
            process.join()

    def work(self, chunks: Iterator[list[Any]]) -> Iterator[list[Any]]:
        waiting = enumerate(chunks)
        idle = list(self.pipes)
        busy: dict[Connection[Any, Any], int] = {}
        done: dict[int, list[Any]] = {}
        number = 0
        while True:
            while idle and len(busy) + len(done) < AHEAD * len(self.pipes) and (chunk := next(waiting, None)):
                _send(idle[-1], chunk[1])
                busy[idle.pop()] = chunk[0]
            if not busy:
                return
            ready = wait(list(busy))
            for pipe in [one for one in busy if one in ready]:
                done[busy.pop(pipe)] = _receive(pipe)
                idle.append(pipe)
            while number in done:
                yield done.pop(number)
                number += 1


def _send(pipe: "Connection[Any, Any]", chunk: list[Any]) -> None:
    try:
        pipe.send(chunk)
    except OSError:
        # It may have said why before it ended.
        _receive(pipe)
        raise Missing(GONE) from None


def _receive(pipe: "Connection[Any, Any]") -> list[Any]:
    try:
        found, kind, why = pipe.recv()
    except (EOFError, OSError):
        raise Missing(GONE) from None
    if kind:
        raise (UserError if kind == "user" else Missing)(why)
    return list(found)


@contextmanager
def _deaf() -> Iterator[None]:
    """Lets processes that are started here hear neither Ctrl-C nor SIGTERM: whoever started them ends them."""
    before = {one: signal.signal(one, signal.SIG_IGN) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _serve(task: Task, pipe: "Connection[Any, Any]") -> None:
    """What a process does: a chunk comes, what was found goes, until the pipe is closed."""
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, signal.SIG_IGN)
    try:
        with task() as work:
            while True:
                pipe.send((work(pipe.recv()), "", ""))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # nobody waits any more
    except FlagpostError as error:
        pipe.send(([], "user" if isinstance(error, UserError) else "missing", str(error)))
