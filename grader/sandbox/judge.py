"""From what came out of a sandbox to one outcome and one sentence for the student. No I/O.

Two heads arrive with a reply: the worker's, which is ours (how the process ended, time, signal), and inside
it the child's, which is the student's word: bounded, cleaned, and believed about nothing but itself.
"""

from __future__ import annotations

import signal
from typing import Any

from grader.errors import SandboxError
from grader.records import CallOutcome

from . import codec, protocol
from .limits import Limits, show_seconds, show_size
from .process import Answer
from .text import clean, clean_line

#: After these the worker takes the next call; after anything else the sandbox is thrown away.
_HARMLESS = ("returned", "error")
_PHASES = ("import", "lookup", "call", "return")
#: The worker's head, which is ours: anything else in its place is the end of the sandbox.
_HEAD = {
    "why": str, "phase": str, "seconds": float, "cpu": float, "signal": int, "exit": int, "dirty": bool,
}  # fmt: skip
MAX_TRACEBACK = 4000


def judge(answer: Answer, nonce: bytes, function: str, limits: Limits) -> tuple[CallOutcome, bool]:
    """``(outcome, whether the sandbox may be used again)``; prints, and seconds not known, are left out."""
    if answer.why != "frame":
        return _stopped(answer, function, limits), False
    try:
        if answer.kind != b"R" or answer.nonce != nonce:
            raise protocol.ProtocolError("an answer to another question")
        head, reply = protocol.unpack(answer.body)
        _check_head(head)
        if head["why"] == "reply":
            outcome = _replied(*protocol.unpack(reply), head)
        else:
            outcome = _ended(head, function, limits)
    except (protocol.ProtocolError, codec.Refused) as error:
        outcome = CallOutcome("crashed", clean_line(f"{function} gave a reply that is not one: {error}"))
        return outcome, False
    return outcome, outcome.status in _HARMLESS and not head["dirty"]


def _check_head(head: dict[str, Any]) -> None:
    if head == {"why": "fork"}:
        raise SandboxError("the sandbox could not start a process")
    if {name: type(value) for name, value in head.items()} != _HEAD:
        raise protocol.ProtocolError("not the worker's words")
    if head["phase"] not in _PHASES or head["seconds"] < 0:
        raise protocol.ProtocolError("not the worker's words")


def _stopped(answer: Answer, function: str, limits: Limits) -> CallOutcome:
    """The grader itself ended the sandbox, or found it ended."""
    what, phase = (function, "call") if answer.imported else ("importing the file", "import")
    status, did = {
        "deadline": ("timeout", f"took more than {show_seconds(limits.call_seconds)}"),
        "memory": ("memory", f"used more than {show_size(limits.memory)} of memory"),
        "prints": ("output_limit", f"printed more than {show_size(limits.prints_end)}"),
        "files": ("output_limit", f"wrote more than {limits.files} files or {show_size(limits.tmpfs)}"),
    }.get(answer.why, ("crashed", "ended the process that runs it"))
    return CallOutcome(status, f"{what} {did}", phase=phase)


def _ended(head: dict[str, Any], function: str, limits: Limits) -> CallOutcome:
    """The child ended, or was ended by the worker, without a reply."""
    why, phase, number = head["why"], head["phase"], head["signal"]
    what = "importing the file" if phase == "import" else function
    status: Any = "crashed"
    if why == "timeout":
        status, sentence = "timeout", f"{what} took more than {show_seconds(limits.call_seconds)}"
    elif why == "large":
        status, sentence = "output_limit", f"{what} returned more than {show_size(limits.reply)}"
    elif why == "garbled":
        sentence = f"{what} wrote into the grader's own channel"
    elif why == "closed":
        sentence = f"{what} closed the grader's own channel"
    elif number == signal.SIGXCPU or (number == signal.SIGKILL and head["cpu"] >= limits.cpu_seconds):
        status = "timeout"
        sentence = f"{what} used more than {show_seconds(limits.cpu_seconds)} of processor time"
    elif number:
        sentence = f"{what} crashed ({_signal_name(number)})"
    else:
        sentence = f"{what} ended the process (exit code {head['exit']})"
    return CallOutcome(status, sentence, phase=phase, seconds=head["seconds"])


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _replied(said: dict[str, Any], payload: memoryview, head: dict[str, Any]) -> CallOutcome:
    """The child's own words, none of them believed further than they go."""
    status, phase, seconds = said.get("status"), said.get("phase"), head["seconds"]
    if status not in ("returned", "error", "memory", "crashed") or phase not in _PHASES:
        raise protocol.ProtocolError("unknown status")
    if status == "returned":
        changed = said.get("changed")
        if type(changed) is not list or not all(type(position) is int for position in changed):
            raise protocol.ProtocolError("bad positions")
        value = codec.decode(payload)
        return CallOutcome("returned", "", value, phase, tuple(changed[:100]), seconds=seconds)
    sentence, traceback = said.get("sentence"), said.get("traceback", "")
    if type(sentence) is not str or type(traceback) is not str:
        raise protocol.ProtocolError("bad sentence")
    return CallOutcome(
        status, clean_line(sentence), phase=phase, traceback=clean(traceback, MAX_TRACEBACK), seconds=seconds
    )
