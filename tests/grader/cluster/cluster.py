"""A Dask cluster in the hosts of a network, and the grader that gives it a class."""

import json
import os
import sys
from pathlib import Path

from hosts import until

BIN = Path(sys.executable).parent
PORT = 8786
#: Dask gives up a host that is silent for half a minute; nobody waits for that here.
SOON = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP": "11s", "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "6s"}


class Cluster:
    """The scheduler is in the first host, and so is whoever grades."""

    def __init__(self, hosts, folder, sandbox=()):
        self.head, *_ = hosts
        self.folder, self.sandbox = folder, sandbox
        self.address = f"tcp://{self.head.address}:{PORT}"
        self.scheduler = None
        self.workers = []
        folder.mkdir()

    def start_scheduler(self):
        words = [BIN / "dask", "scheduler", "--host", self.head.address, "--port", PORT, "--no-dashboard"]
        self.scheduler = self._start(self.head, "scheduler", words)
        self._until_said("scheduler", "Scheduler at:", self.scheduler)

    def start_worker(self, host, name, without=(), nanny=True, **environment):
        """One process that grades one submission at a time; ready when this returns."""
        words = [BIN / "dask", "worker", self.address, "--nthreads", 1, "--no-dashboard", "--name", name]
        words += ["--host", host.address, "--local-directory", self.folder / name]
        words += [] if nanny else ["--no-nanny"]
        worker = self._start(host, name, words, without, **environment)
        self._until_said(name, "Registered to:", worker)
        self.workers.append(worker)
        return worker

    def start_grading(self, assignment, where, output, *more):
        """`roikit grade ... --dask tcp://...`, in the head's host."""
        words = [BIN / "roikit", *grade(assignment, where, output, *self.sandbox)]
        return self._start(self.head, output.name, [*words, "--dask", self.address, *more])

    def said(self, name):
        """The log of a program, by its name; of the grader by its output's."""
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def until_finished(self, grading, output, count):
        """Wait until the journal has so many students; it may take long, but not stand still."""
        while (found := len(finished(output))) < count:
            until(
                lambda found=found: len(finished(output)) > found,
                grading, f"{found + 1} students are finished:\n{self.said(output.name)[-4000:]}",
            )  # fmt: skip

    def expect_end(self, grading, output, code=0):
        """The same until the program ends, with this exit code."""
        while grading.poll() is None:
            found = len(finished(output))
            until(
                lambda found=found: grading.poll() is not None or len(finished(output)) > found,
                why=f"the end of the grading, {found} are finished:\n{self.said(output.name)[-4000:]}",
            )
        assert grading.returncode == code, self.said(output.name)[-4000:]

    def _start(self, host, name, words, without=(), **environment):
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", **SOON, **environment}
        return host.start(
            *words, log=self.folder / f"{name}.log", without=without, env=environment, cwd=self.folder
        )

    def _until_said(self, name, text, process):
        until(lambda: text in self.said(name), process, f"{name} says {text!r}: {self.folder}")


def grade(assignment, where, output, *more):
    """The words of the command, without the cluster: as it runs serially."""
    return ["grade", assignment, where, "--output", output, "--seed", "5", "--no-gradebook", *more]


def finished(output):
    """The students whose results are in the journal."""
    path = output / "journal.jsonl"
    lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
    records = [json.loads(line) for line in lines]
    return [record["job"]["student"] for record in records if "job" in record]
