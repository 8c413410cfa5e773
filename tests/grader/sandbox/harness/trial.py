"""One attack: what came of it, and every way in which it could have gone too far."""

import ctypes
import dataclasses
import os
import re
import select
import signal
import threading
import time
from pathlib import Path

import numpy as np

from grader.errors import SubmissionError
from grader.intake import extract
from grader.records import Cell, Source
from grader.sandbox import Limits, Sandbox, watchdog

MIB = 1 << 20
CORPUS = Path(__file__).resolve().parents[2] / "attacks"
GOOD = Source((Cell("good.py", "def solve(x):\n    return (x - x.mean()) / x.std()\n"),), is_notebook=False)
GRADER_KILLED = "(the grader is killed)"  # no file of the corpus: a trial of its own
LINGERS = Source((Cell("lingers.py", "import time\ndef stay():\n    print()\n    time.sleep(1e6)\n"),), False)
GROWTH = 150 * MIB
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
PR_SET_CHILD_SUBREAPER = 36

#: A hostile call is over in a second.
SHORT = Limits(
    call_seconds=1.0, cpu_seconds=2, memory=192 * MIB, address_space=1024 * MIB, files=5000, tmpfs=24 * MIB,
    file_size=8 * MIB, reply=4 * MIB, prints_end=2 * MIB,
)  # fmt: skip
PATIENT = dataclasses.replace(SHORT, call_seconds=20.0, cpu_seconds=20)


def names():
    """The corpus."""
    return sorted(path.stem for path in CORPUS.glob("*.py"))


def expected(name):
    """The outcomes that are right for an attack: ``# expect: OUTCOME|OUTCOME`` in its first line."""
    first = (CORPUS / f"{name}.py").read_bytes().partition(b"\n")[0]
    return re.search(rb"# expect: (\S+)", first)[1].decode().split("|")


def adopt_orphans():
    """Whatever leaves its sandbox becomes our child, where ``survivors`` finds it."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def run(name, rung, slot, canaries):
    """``{"outcome", "seconds", "faults": [[kind, detail]]}``; no faults: the sandbox held.

    Kinds: outcome (not an expected one), pwned (the attack found a gap itself), leak, unsafe (characters that
    a terminal obeys), changed, heard, survivor, growth, after (a good submission is not graded right).
    """
    start = time.monotonic()
    if name == GRADER_KILLED:
        outcome, faults = "killed", [("survivor", pid) for pid in left_by_a_killed_grader(rung, slot)]
    else:
        outcome, faults = _attack(name, rung, slot, canaries)
    shown = [[kind, str(detail)[:1000]] for kind, detail in faults]
    return {"outcome": outcome, "seconds": round(time.monotonic() - start, 3), "faults": shown}


def _attack(name, rung, slot, canaries):
    said, faults = [], []
    # A busy machine must not look like an endless loop.
    limits = SHORT if "timeout" in expected(name) else PATIENT
    with _Memory() as memory:
        outcome, printed, worker, left = _grade(name, limits, rung, slot, said)
    text = "\n".join(said)
    if outcome not in expected(name):
        faults.append(("outcome", f"{outcome}: {text}"))
    faults += [("pwned", line) for line in printed.splitlines() if "PWNED" in line]
    faults += [("leak", place) for place in canaries.leaked(text)]
    faults += [("unsafe", ascii(found[0])) for found in [UNSAFE.search(text)] if found]
    faults += [("changed", "a secret")] * canaries.changed()
    faults += [("heard", ear) for ear in canaries.heard()]
    faults += [("survivor", pid) for pid in (left if worker else survivors())]
    if memory.grown > GROWTH:
        faults.append(("growth", f"{memory.grown // MIB} MiB"))
    if worker is not None and limits is not PATIENT:  # it has other limits than the next one
        worker = worker.close()
    with Sandbox(GOOD, PATIENT, rung, slot, worker) as box:
        if (after := _worst(box, [], [])) != "correct":
            faults.append(("after", after))
    return outcome, faults


def _grade(name, limits, rung, slot, said):
    """``(the worse of two calls, what was printed, the worker if it is kept, what lives in it)``."""
    try:
        source = _source(name)
    except SubmissionError as error:
        said.append(str(error))
        return "refused", "", None, []
    printed = []
    with Sandbox(source, limits, rung, slot) as box:
        before = watchdog.descendants(box._ready_process()._pid)
        worst = _worst(box, said, printed)
        worker = box.leave()
        left = set(watchdog.descendants(worker._pid)[1:]) - set(before) if worker else ()
        return worst, "".join(printed), worker, sorted(left)


def _source(name):
    return extract.source("solution.py", (CORPUS / f"{name}.py").read_bytes())


def _worst(box, said, printed):
    """Two calls with fresh inputs; notes down all that came out of them."""
    rng = np.random.default_rng()
    seen = []
    for size in (50, 51):
        x = rng.normal(size=size)
        outcome = box.call("solve", [x], seed=size)
        printed += outcome.stdout, outcome.stderr, "\n"
        said += [outcome.sentence, outcome.traceback, outcome.stdout, outcome.stderr, repr(outcome.value)]
        returned = "correct" if _is_right(outcome.value, x) else "wrong"
        seen.append(returned if outcome.status == "returned" else outcome.status)
    return next((word for word in seen if word != "correct"), "correct")


def _is_right(value, x):
    right = (x - x.mean()) / x.std()
    if type(value) is not np.ndarray or (value.dtype, value.shape) != (right.dtype, right.shape):
        return False
    return np.allclose(value, right)  # an answer computed in place is rounded once more than ours


class _Memory:
    """How much resident memory this process has needed at most, above what it began with."""

    def __enter__(self):
        Path("/proc/self/clear_refs").write_text("5")  # forgets the highest so far
        self._before = self._highest()
        return self

    def __exit__(self, *exc):
        self.grown = self._highest() - self._before

    @staticmethod
    def _highest():
        return int(re.search(r"^VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.M)[1]) << 10


def survivors():
    """What lives of sandboxes that have ended; the dead among our children are buried."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return []
    return [pid for pid in watchdog.descendants(os.getpid()) if pid != os.getpid()]


def left_by_a_killed_grader(rung, slot, seconds=3.0):
    """What lives of a sandbox so long after its grader was killed in the midst of a call."""
    in_call, begun = os.pipe()
    grader = os.fork()
    if grader == 0:
        try:
            with Sandbox(LINGERS, PATIENT, rung, slot) as box:
                threading.Thread(target=_tell_of_prints, args=(box, begun)).start()
                box.call("stay", [])
        finally:
            os._exit(1)
    os.close(begun)
    assert os.read(in_call, 1), "the call did not begin"
    pidfds = [os.pidfd_open(pid) for pid in watchdog.descendants(grader)]
    os.kill(grader, signal.SIGKILL)
    _wait_for(pidfds, seconds)
    left = survivors()
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    _wait_for(pidfds, seconds)
    for fd in (in_call, *pidfds):
        os.close(fd)
    return left


def _wait_for(pidfds, seconds):
    end = time.monotonic() + seconds
    for pidfd in pidfds:
        select.select([pidfd], [], [], max(0.0, end - time.monotonic()))


def _tell_of_prints(box, begun):
    while not box._process._prints["stdout"]:
        time.sleep(0.01)
    os.write(begun, b".")
