"""One submission in its sandbox: call after call, a new process after anything odd, an end when hopeless."""

from __future__ import annotations

import dataclasses
import json
import secrets
import time
from collections.abc import Mapping, Sequence
from typing import Any

from grader.errors import AssignmentError
from grader.records import CallOutcome, Source

from . import codec, protocol
from .judge import judge
from .limits import Limits, show_seconds
from .process import WorkerProcess
from .rungs import Rung
from .text import clean
from .tools import NONE, Tools

GRACE_SECONDS = 2.0  # the worker keeps the time of a call; the grader's own clock ends a worker that does not
PATIENCE = 2  # a function that has timed out so often is not run again
_WRAPPING = 64 << 10  # of a reply, beside the value itself


class Sandbox:
    """Calls the functions of one submission, each call in a process that knows nothing of the others.

    Parameters
    ----------
    source : records.Source
        The student's code. It is run again, from its first line, for each call.
    limits : Limits
    rung : Rung
        From ``choose_rung``.
    slot : int, default 0
        Number of the place where this sandbox runs, different for all whose calls run at one time: it decides
        the core. The next sandbox of a place may start meanwhile.
    prepared : WorkerProcess, optional
        A worker of the same limits, rung and slot that is there already: started ahead of time, or what
        another submission's `leave` gave.
    tools : Tools, default none
        What programs the sandbox has beside Python: a compiler.

    Examples
    --------
    ::

        with Sandbox(source, Limits(), choose_rung("auto")) as box:
            outcome = box.call("roi_pool", [features, rois, (2, 2), 1.0], seed=7)
    """

    def __init__(
        self,
        source: Source,
        limits: Limits,
        rung: Rung,
        slot: int = 0,
        prepared: WorkerProcess | None = None,
        tools: Tools = NONE,
    ) -> None:
        self._source, self._limits, self._tools = source, limits, tools
        self.rung, self.slot = rung, slot  # what runs beside this sandbox is held in the same way
        self._process: WorkerProcess | None = prepared or WorkerProcess(limits, rung, slot, tools)
        self._has_source = False
        self._timeouts: dict[str, int] = {}
        self._final: dict[str, CallOutcome] = {}  # by function; "" holds for all
        self._used = 0.0

    def call(
        self, function: str, args: Sequence[Any], kwargs: Mapping[str, Any] | None = None, seed: int = 0
    ) -> CallOutcome:
        """Calls ``function(*args, **kwargs)`` in the sandbox.

        Parameters
        ----------
        function : str
        args, kwargs
            Plain NumPy arrays and scalars, numbers, strings, None, tuples, lists, dicts; sent as copies.
        seed : int, default 0
            For ``random`` and ``numpy.random`` on the student's side.

        Returns
        -------
        CallOutcome
            Never an exception for what the student's code did.

        Raises
        ------
        SandboxError
            The sandbox itself failed.
        AssignmentError
            An argument is not a value that crosses into the sandbox.
        """
        try:
            arguments = codec.encode((tuple(args), dict(kwargs or {})))
        except codec.Refused as error:
            raise AssignmentError(f"the test passes {error} to {function}; this cannot be sent") from None
        known = self._final.get("") or self._final.get(function)
        if known is not None:
            sentence = f"{known.sentence} (not run again)"
            return dataclasses.replace(known, sentence=sentence, stdout="", stderr="")
        if self._used >= self._limits.total_seconds:
            total = show_seconds(self._limits.total_seconds)
            return CallOutcome("timeout", f"{function} was not run: the submission has used up its {total}")
        outcome = self._run(function, arguments, seed)
        self._remember(function, outcome)
        return outcome

    def _run(self, function: str, arguments: bytes, seed: int) -> CallOutcome:
        process = self._ready_process()
        nonce = secrets.token_bytes(16)
        request = protocol.pack({"function": function, "seed": seed}, arguments)
        start = time.monotonic()
        answer = process.ask(
            self._source_frame() + protocol.frame(b"C", nonce, request),
            self._limits.call_seconds + GRACE_SECONDS,
            self._limits.reply + 2 * _WRAPPING,
        )
        seconds = time.monotonic() - start
        self._used += seconds
        stdout, stderr = process.take_prints()
        outcome, reusable = judge(answer, nonce, function, self._limits)
        if not reusable:
            self._discard()
        kept = self._limits.prints_kept
        stdout, stderr = clean(stdout, kept), clean(stderr, kept)
        return dataclasses.replace(outcome, stdout=stdout, stderr=stderr, seconds=outcome.seconds or seconds)

    def _ready_process(self) -> WorkerProcess:
        if self._process is None:
            self._process = WorkerProcess(self._limits, self.rung, self.slot, self._tools)
        self._process.wait_ready()
        return self._process

    def _source_frame(self) -> bytes:
        """The submission, ahead of a worker's first call; afterwards nothing."""
        if self._has_source:
            return b""
        self._has_source = True
        cells, modules = (
            [[cell.label, cell.text] for cell in part] for part in (self._source.cells, self._source.modules)
        )
        body = protocol.pack({"is_notebook": self._source.is_notebook}, json.dumps([cells, modules]).encode())
        return protocol.frame(b"S", protocol.NO_NONCE, body)

    def _remember(self, function: str, outcome: CallOutcome) -> None:
        """What would only happen again is not tried again."""
        if outcome.phase == "import" and outcome.status not in ("returned", "error"):
            self._final[""] = outcome
        if outcome.status == "timeout":
            self._timeouts[function] = self._timeouts.get(function, 0) + 1
            if self._timeouts[function] >= PATIENCE:
                self._final[function] = outcome

    def _discard(self) -> None:
        if self._process is not None:
            self._process.close()
        self._process, self._has_source = None, False

    def leave(self) -> WorkerProcess | None:
        """Ends the submission as `close` does; its worker, if the next submission may have that."""
        process = self._process
        if process is None or (self._has_source and not process.vacate()):
            self.close()
            return None
        self._process, self._has_source = None, False
        return process

    def close(self) -> None:
        """Ends the sandbox and every process in it."""
        self._discard()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
