"""Moments that are no accident: the steps by which the grader writes, told as they come."""

import collections
import json
import os
import signal
import sys

LINES = ("half a line", "line not synced", "line synced")
WRITES = ("results", "report", "gradebook", "notebooks")


class Count:
    """Counts the steps of an unbroken run and leaves the numbers in a file."""

    def __init__(self, path):
        self.path, self.steps = path, collections.Counter()

    def __call__(self, step):
        self.steps[step] += 1

    def write(self):
        self.path.write_text(json.dumps(self.steps))


class At:
    """Ends the process at one step."""

    def __init__(self, step, number):
        self.step, self.left = step, number

    def __call__(self, step):
        self.left -= step == self.step
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)


def tell_steps(output, told):
    """Call `told` with the name of every step by which something below `output` is written."""
    import sqlalchemy.event
    from sqlalchemy.engine import Engine

    def step_of(path):
        name = os.fsdecode(path) if isinstance(path, (str, bytes, os.PathLike)) else ""
        if not name.startswith(f"{output}/") or name.endswith("journal.jsonl"):
            return None
        top = name[len(str(output)) + 1 :].split("/")[0]
        return {"report": "report", "autograded": "notebooks", "source": "notebooks"}.get(
            top, "gradebook" if top.startswith("gradebook") else "results"
        )

    def hook(event, arguments):
        if event in ("open", "os.rename", "os.remove", "os.mkdir", "sqlite3.connect"):
            step = step_of(arguments[1 if event == "os.rename" else 0])
            if step is not None:
                told(step)

    sys.addaudithook(hook)
    for event in ("before_cursor_execute", "commit"):
        sqlalchemy.event.listen(Engine, event, lambda *_: told("gradebook"))
    _tell_lines(told)


def _tell_lines(told):
    """The journal's lines: half written, written, on the disk."""
    write, fsync = os.write, os.fsync

    def is_journal(fd):
        return os.readlink(f"/proc/self/fd/{fd}").endswith("/journal.jsonl")

    def telling_write(fd, data):
        if not is_journal(fd):
            return write(fd, data)
        half = write(fd, data[: len(data) // 2])
        told("half a line")
        return half + write(fd, data[half:])

    def telling_fsync(fd):
        line = is_journal(fd)
        if line:
            told("line not synced")
        fsync(fd)
        if line:
            told("line synced")

    os.write, os.fsync = telling_write, telling_fsync
