"""Inside the sandbox: the process of one submission. It holds the source and forks a child for each call.

It relays at most one reply of a call to the grader, then ends every other process and empties the writable
folder, so that no call sees what an earlier one left. Calls of functions that carry nothing along, by their
text (``stateless.py``), are answered by one child, one after the other.
"""

import functools
import gc
import json
import os
import select
import signal
import time

import child
import cleaning
import guard
import protocol

#: A child that has answered for so long is replaced: its limit of processor time is for one call.
STAYS_SECONDS = 1.0


class Grader:
    """Tells whether the grader lives: ``pidfd`` is its process, and ``request`` the pipe that it writes.

    All else depends on it: the kernel's own signal at a parent's death would not reach past bubblewrap, which
    itself must not be killed while it starts (the half of it that is in the sandbox would wait for ever).
    """

    def __init__(self, request, pidfd):
        self.request, self.pidfd = request, pidfd

    def next_frame(self):
        self.wait({self.request: select.POLLIN}, None)
        return protocol.read_frame(self.request)

    def wait(self, events, seconds):
        """Waits for ``events`` and says which came; raises EOFError when the grader has gone."""
        poll = select.poll()
        for fd, event in ({self.request: 0, self.pidfd: select.POLLIN} | events).items():
            poll.register(fd, event)
        came = dict(poll.poll(None if seconds is None else seconds * 1000 + 1))
        if self.pidfd in came or came.get(self.request, 0) & select.POLLHUP:
            raise EOFError
        return came


def serve(grader, reply, setup):
    """Takes a source, then answers calls until the grader is done with it."""
    cleaning.adopt_orphans()
    guard.stand(setup)
    _, _, body = grader.next_frame()
    head, payload = protocol.unpack(body)
    calls = Calls(child.prepare(*json.loads(bytes(payload)), head["is_notebook"]), grader, setup)
    gc.freeze()
    while True:
        kind, nonce, body = grader.next_frame()
        if kind == b"E":
            return
        head, payload = protocol.unpack(body)
        tell = functools.partial(_tell, reply, nonce)
        answer, relayed = calls.call(head, payload, tell)
        tell(b"R", protocol.pack(answer, relayed))
        del payload, answer, relayed, body  # before the next fork


def _tell(reply, nonce, kind, body=b""):
    protocol.write_all(reply, protocol.frame(kind, nonce, body))


class Calls:
    """The calls of one source: ``(what became of it, the child's reply)`` of each."""

    def __init__(self, source, grader, setup):
        self._source, self._grader, self._setup = source, grader, setup
        self._staying = None  # a Child that has answered calls, and can answer more

    def call(self, head, arguments, tell):
        may_stay = head["function"] in self._source.stateless
        if may_stay and self._staying:
            answered = self._ask_again(head, arguments, tell)
            if answered:
                return answered
            tell(b"A")
        self._end_staying()
        try:
            asked = Child(self._source, self._setup, head, arguments, may_stay)
        except OSError:
            return {"why": "fork"}, b""
        why, phase, reply = asked.relay(self._grader, self._setup, tell)
        if may_stay and _is_plain(why, reply):
            self._staying = asked
            return asked.answer(why, phase), reply
        return self._ended(asked, why, phase), reply

    def _ended(self, asked, why, phase):
        answer = asked.answer(why, phase) | asked.end(0.2 if why == "closed" else 0)
        return answer | {"dirty": not cleaning.clean(self._setup)}

    def _end_staying(self):
        if self._staying:
            self._staying.end()
            self._staying = None

    def _ask_again(self, head, arguments, tell):
        """The answer of the child that stays; None where one of its own is to say what comes of the call."""
        if self._staying.used > STAYS_SECONDS:
            return None
        try:
            self._staying.ask(head, arguments)
        except BrokenPipeError:
            return None
        why, phase, reply = self._staying.relay(self._grader, self._setup, tell)
        if why == "timeout":  # a second time would only take as long
            asked, self._staying = self._staying, None
            return self._ended(asked, why, phase), reply
        return (self._staying.answer(why, phase), reply) if _is_plain(why, reply) else None


def _is_plain(why, reply):
    """Whether a value came back, or an exception: all else may come of what was before."""
    try:
        return why == "reply" and protocol.unpack(reply)[0].get("status") in ("returned", "error")
    except protocol.ProtocolError:
        return False


class Child:
    """A process that answers one call, or several."""

    def __init__(self, source, setup, head, arguments, may_stay):
        self._reply, writing = os.pipe()
        requests, self._requests = os.pipe() if may_stay else (None, None)
        self._start, self.used = time.monotonic(), 0.0
        self._pid = os.fork()
        if self._pid == 0:
            try:
                cleaning.overwrite_freed(False)
                guard.leave(setup)
                if may_stay:
                    os.close(self._requests)  # held open, it would never end
                child.run(head, arguments, source, setup, writing, requests)
            finally:
                os._exit(0)  # skips what the student left for the end of the process
        for fd in (writing, requests):
            if fd is not None:
                os.close(fd)
        os.set_blocking(self._reply, False)
        protocol.widen(self._reply)

    def ask(self, head, arguments):
        """Another call."""
        self._start = time.monotonic()
        body = protocol.pack(head, arguments)
        protocol.write_all(self._requests, protocol.frame(b"C", protocol.NO_NONCE, body))

    def relay(self, grader, setup, tell):
        """Waits for the reply to a call: ``(why the waiting ended, phase, reply)``."""
        found = _relay(self._reply, grader, self._start + setup["call_seconds"], setup["reply"], tell)
        self.used += time.monotonic() - self._start
        return found

    def answer(self, why, phase):
        return {
            "why": why, "phase": phase, "seconds": time.monotonic() - self._start,
            "cpu": 0.0, "signal": 0, "exit": 0, "dirty": False,
        }  # fmt: skip

    def end(self, seconds=0.0):
        """Ends it, unless it does so in time; what is known of its end."""
        for fd in (self._reply, self._requests):
            if fd is not None:
                os.close(fd)
        ended = _wait_for(self._pid, seconds)
        why = {"why": "died"} if ended else {}
        if ended is None:
            os.kill(self._pid, signal.SIGKILL)
            ended = os.wait4(self._pid, 0)
        _, status, usage = ended
        return why | {
            "cpu": usage.ru_utime + usage.ru_stime,
            "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
            "exit": os.WEXITSTATUS(status) if os.WIFEXITED(status) else 0,
        }


def _relay(reading, grader, deadline, largest, tell):
    """Reads the child's pipe until its reply is whole: ``(why it ended, phase, reply)``.

    ``why`` is ``reply``, ``timeout``, ``large``, ``garbled`` or ``closed``.
    """
    data, phase, whole = bytearray(), "import", None
    head_size = 1 + child.LENGTH.size
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            return "timeout", phase, b""
        if reading not in grader.wait({reading: select.POLLIN}, left):
            continue
        piece = os.read(reading, protocol.PIECE)
        if not piece:
            return "closed", phase, b""
        data += piece
        if phase == "import" and data[:1] == child.IMPORTED:
            phase = "call"
            del data[:1]
            tell(b"P")
        if data and data[:1] != child.REPLY:
            return "garbled", phase, b""
        if whole is None and len(data) >= head_size:
            whole = head_size + child.LENGTH.unpack_from(data, 1)[0]
            if whole > largest + protocol.MAX_HEAD:
                return "large", phase, b""
        if whole is not None and len(data) >= whole:
            if len(data) > whole:
                return "garbled", phase, b""
            return "reply", phase, bytes(data[head_size:])


def _wait_for(pid, seconds):
    """The exit status of ``pid`` if it comes in time, else None: it may have closed its pipe and live on."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        ended = os.wait4(pid, os.WNOHANG)
        if ended[0]:
            return ended
        time.sleep(0.001)
    return None
