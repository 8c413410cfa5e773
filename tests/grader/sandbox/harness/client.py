"""Asks for trials: one process for each kind of user and rung does them, ahead of whoever wants the reports.

A trial is ``(kind of user, rung, attack, walls taken down)``; the rung is auto, noproc or reduced.
"""

import collections
import contextlib
import json
import queue
import subprocess
import sys
import threading
from pathlib import Path

HERE = Path(__file__).resolve().parent
PATIENCE = 300  # seconds for one trial on a busy machine


class CannotRun(Exception):
    """There is no such user here; the message says why."""


class Runners:
    """Does the trials side by side; those of one kind of user on one rung in the order given."""

    def __init__(self, trials):
        waiting = collections.defaultdict(list)
        for trial in trials:
            waiting[trial[:2]].append(trial)
        self._runners = {where: _Runner(where[0], slot, waiting[where]) for slot, where in enumerate(waiting)}

    def report(self, trial):
        """What came of a trial (``trial.run``); raises CannotRun where this kind of user cannot be had."""
        return self._runners[trial[:2]].report(trial)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        for runner in self._runners.values():
            runner.close()


class _Runner:
    """One process that tries attacks; it ends when no more questions come."""

    def __init__(self, kind, slot, trials):
        command = [sys.executable, str(HERE), "serve", kind, str(slot)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, cwd="/"
        )
        self._trials, self._cannot = iter(trials), None
        self._answers, self._reports = queue.SimpleQueue(), {}
        self._talk = threading.Thread(target=self._ask_all)
        self._talk.start()

    def _ask_all(self):
        with contextlib.suppress(BrokenPipeError), self._process.stdin, self._process.stdout:
            for line in self._process.stdout:
                self._answers.put(json.loads(line))
                trial = next(self._trials, None)
                if trial is None:
                    break
                self._process.stdin.write(json.dumps(trial) + "\n")
        self._answers.put(None)

    def report(self, trial):
        key = json.dumps(trial)
        while key not in self._reports:
            if self._cannot:
                raise CannotRun(self._cannot)
            answer = self._answers.get(timeout=PATIENCE)
            if answer is None:
                raise RuntimeError(f"the process that tries attacks ended (exit code {self._process.wait()})")
            if "trial" in answer:
                self._reports[json.dumps(answer.pop("trial"))] = answer
            self._cannot = answer.get("cannot")
        return self._reports[key]

    def close(self):
        self._trials = iter(())
        self._talk.join()
        self._process.wait()


#: What the table shows: (kind of user, rung).
TABLE = (("root", "auto"), ("root", "noproc"), ("user", "auto"), ("user", "noproc"), ("root", "reduced"))


def print_table(names):
    """Tries the whole corpus and prints, for each rung, how many attacks were tried and how many held."""
    trials = [(kind, rung, name, ()) for kind, rung in TABLE for name in names]
    held, notes = collections.Counter(), []
    with Runners(trials) as runners:
        for trial in trials:
            report = runners.report(trial)
            where = f"{report['rung']} | {trial[0]}"
            held[where] += not report["faults"]
            notes += [f"{where} | {trial[2]} | {kind}: {detail[:80]!r}" for kind, detail in report["faults"]]
    print("| rung | run by | attacks tried | held |\n|---|---|---|---|")
    for where, count in held.items():
        print(f"| {where} | {len(names)} | {count} |")
    print(*notes, sep="\n")
