"""The way to the workers of a Dask cluster: the only module that imports it.

Dask carries a batch to one worker and its answer back; who gets what is decided in ``spread``, because what a
batch meets (a sandbox, a deadly hand-in) is nothing that Dask knows of. All waiting happens in the client's
own thread: what is heard comes through a queue, so that Ctrl-C is heard here at once, and a worker that does
not answer holds up nobody.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from grader import interrupts
from grader.errors import GraderError
from grader.executors import Dask, Done, Job, Work, folders, stations
from grader.executors.address import checked, own_workers
from grader.executors.spread import Event, spread
from grader.records import Submission, SubmissionResult

#: For the scheduler to answer at first, and later to each question who is there.
CONNECT_SECONDS, ANSWER_SECONDS = 15.0, 15.0
LOOK_SECONDS = 1.0
#: To bring an answer here that a worker has.
FETCH_SECONDS = 30.0
#: For the workers to close their stations, and for the client to say good-bye.
LAST_SECONDS, CLOSE_SECONDS = stations.END_SECONDS + 1, 5.0
_LOGGERS = ("distributed", "distributed.client", "distributed.core", "distributed.comm", "tornado")


def on_workers(work: Work, submissions: Iterable[Submission], count: int, where: Dask, done: Done) -> None:
    """Grade `submissions` (`count` of them) on the workers of a cluster and tell `done` of each result."""
    address = checked(where.address)
    _expect_dask()
    with own_cluster(address) as scheduler, _quiet(), _link(scheduler, address) as link:
        spread(work, submissions, count, link, done, where.say)


def _expect_dask() -> None:
    try:
        import distributed  # noqa: F401
    except ModuleNotFoundError as problem:
        raise GraderError(f"{problem.name} is not installed: pip install 'roikit[dask]'") from None


# ------------------------------------------------------------------ to the scheduler
@contextmanager
def _link(address: str, name: str) -> Iterator[_Link]:
    from distributed import Client, Security

    if address.startswith("tls:") and Security().get_connection_args("client").get("ssl_context") is None:
        raise GraderError(f"{address} asks for keys, and Dask's configuration names none")
    try:
        client = Client(address, set_as_default=False, timeout=CONNECT_SECONDS, name="roikit")
    except (OSError, ValueError, TypeError, ImportError) as problem:
        raise GraderError(f"no Dask scheduler answers at {address}: {_said(problem)}") from None
    link = _Link(client, name)
    try:
        yield link
    finally:
        with interrupts.uninterrupted():
            link.let_end()
            _within(CLOSE_SECONDS, lambda: client.close(timeout=CLOSE_SECONDS / 2))


class _Link:
    """See `grader.executors.spread.Link`."""

    def __init__(self, client: Any, name: str) -> None:
        self.name = name
        self._client = client
        self._run = secrets.token_hex(8)
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._futures: dict[int, Any] = {}
        self._loop = client.loop.asyncio_loop
        self._watch = asyncio.run_coroutine_threadsafe(self._look(), self._loop)

    def send(self, ticket: int, address: str, function: Callable[..., bytes], *arguments: Any) -> None:
        self._futures[ticket] = future = self._submitted(ticket, address, function, *arguments)
        future.add_done_callback(lambda one: self._ended(ticket, one))

    def tell(
        self, ticket: int, address: str, is_awaited: bool, function: Callable[..., bytes], *arguments: Any
    ) -> None:
        from distributed import fire_and_forget

        future = self._submitted(ticket, address, function, *arguments)
        fire_and_forget(future)
        if is_awaited:
            self._futures[ticket] = future
            future.add_done_callback(lambda one: self._ended(ticket, one))

    def _submitted(self, ticket: int, address: str, function: Callable[..., bytes], *arguments: Any) -> Any:
        key = f"roikit-{function.__name__}-{self._run}-{ticket}"
        try:
            return self._client.submit(
                function, *arguments, key=key, workers=[address], allow_other_workers=False, pure=False
            )
        except Exception as problem:  # Dask says so in many ways
            raise GraderError(self._lost(problem)) from None

    def forget(self, ticket: int) -> None:
        future = self._futures.pop(ticket, None)
        if future is not None:
            future.release()

    def next(self, seconds: float) -> Event:
        try:
            event = self._events.get(timeout=seconds)
        except queue.Empty:
            return Event("tick")
        self.forget(event.ticket)
        return event

    def let_end(self) -> None:
        """What was said last arrives, where it can."""
        end = time.monotonic() + LAST_SECONDS
        while self._futures and time.monotonic() < end:
            if self.next(end - time.monotonic()).kind == "gone":
                return

    # -------------------------------------------------------------- in the client's threads
    def _ended(self, ticket: int, future: Any) -> None:
        if future.status == "finished":
            with contextlib.suppress(RuntimeError):  # the loop has ended
                asyncio.run_coroutine_threadsafe(self._fetch(ticket, future.key), self._loop)
        elif future.status == "error":
            self._events.put(Event("failed", _said(future.exception()), ticket))
        elif ticket in self._futures:  # nobody here has cancelled it
            self._events.put(Event("gone", self._lost()))

    async def _fetch(self, ticket: int, key: str) -> None:
        """One answer by itself: together with one that cannot be reached it would wait for that."""
        try:
            found = await asyncio.wait_for(self._client.scheduler.gather(keys=[key]), FETCH_SECONDS)
            self._events.put(Event("answer", found["data"][key], ticket))
        except Exception:  # as many ways again: the batch is then given to another worker
            self._events.put(Event("failed", "", ticket))

    async def _look(self) -> None:
        """Tell who is there, as long as the scheduler answers."""
        while True:
            try:
                found = await asyncio.wait_for(self._client.scheduler.ncores(), ANSWER_SECONDS)
            except Exception as problem:  # told with the end of the run
                self._events.put(Event("gone", self._lost(problem)))
                return
            self._events.put(Event("workers", dict(found)))
            await asyncio.sleep(LOOK_SECONDS)

    def _lost(self, problem: BaseException | None = None) -> str:
        more = f": {_said(problem)}" if problem is not None and _said(problem) else ""
        return f"the Dask scheduler at {self.name} does not answer any more{more}"


def _said(problem: BaseException | None) -> str:
    from grader.sandbox.text import clean_line

    text = str(problem) or type(problem).__name__
    return clean_line(text if isinstance(problem, OSError) else f"{type(problem).__name__}: {text}", 300)


def _within(seconds: float, call: Callable[[], Any]) -> None:
    """Call something that may not come back."""

    def quietly() -> None:
        with contextlib.suppress(Exception):
            call()

    thread = threading.Thread(target=quietly, daemon=True)
    thread.start()
    thread.join(seconds)


@contextmanager
def _quiet() -> Iterator[None]:
    """What Dask logs of workers that come and go, we say ourselves."""
    import distributed  # noqa: F401  its own levels are set by that

    before = {name: logging.getLogger(name).level for name in _LOGGERS}
    for name in before:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


# ------------------------------------------------------------------ a cluster of our own
@contextmanager
def own_cluster(address: str) -> Iterator[str]:
    """The scheduler's address; of ``local:N`` the one of a cluster that ends with this."""
    count = own_workers(address)
    if not count:
        yield address
        return
    station = stations.Station(_Cluster(count), 0)
    try:
        station.answer()
        station.give((0, Submission("", "", None)))
        answer = station.answer()
        assert answer is not None
        yield answer[1].path
    except EOFError:
        raise GraderError("Dask's workers cannot be started on this machine") from None
    finally:
        with interrupts.uninterrupted():
            stations.let_end([station])
            stations.close([station])


@dataclass(frozen=True)
class _Cluster:
    """A scheduler and workers of one thread each: a station's work, so that they end with us."""

    count: int

    def serve(self, jobs: Iterable[Job], done: Done, place: int) -> None:
        from distributed import LocalCluster

        folder = folders.new("dask")
        with (
            _quiet(),
            LocalCluster(
                n_workers=self.count, threads_per_worker=1, processes=True, host="127.0.0.1",
                dashboard_address=None, scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
                memory_limit=0, local_directory=folder, silence_logs=logging.CRITICAL,
            ) as cluster,
        ):  # fmt: skip
            for number, submission in jobs:
                done(number, self.lost(submission, cluster.scheduler_address))
        shutil.rmtree(folder, ignore_errors=True)

    def lost(self, submission: Submission, reason: str) -> SubmissionResult:
        """No submission: what is handed back is the scheduler's address."""
        return SubmissionResult("", reason, "internal_error", None, 0.0, ())
