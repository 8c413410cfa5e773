"""Libraries in processes of their own, seen from the process that measures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

HERE = Path(__file__).parent
#: roikit, how fast memory is, and the peers; roikit-avx2 is roikit kept from AVX-512.
CONTESTANTS = ("roikit", "roikit-avx2", "numpy", "onnxruntime", "openvino", "torchvision", "paddle")
PEERS = CONTESTANTS[3:]


class WorkerError(Exception):
    """What went wrong in a worker, in its words."""


class Worker:
    """One library's process; ``worker.do("time", way="fresh", ...)`` is a command of worker.py."""

    def __init__(self, name: str, process: subprocess.Popen[str], log: Path) -> None:
        self.name = name
        self._process = process
        self._log = log

    def do(self, command: str, **arguments: Any) -> Any:
        commands, answers = self._process.stdin, self._process.stdout
        assert commands is not None
        assert answers is not None
        try:
            print(json.dumps([command, arguments]), file=commands, flush=True)
            line = answers.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise WorkerError(f"{self.name} ended with status {self._process.wait()}: see {self._log}")
        reply = json.loads(line)
        if "error" in reply:
            raise WorkerError(reply["error"])
        return reply["answer"]


@contextmanager
def workers(
    names: list[str], threads: int, pythons: dict[str, str], logs: Path, script: Path = HERE / "worker.py"
) -> Iterator[list[Worker]]:
    """The named libraries' processes, each allowed so many threads."""
    with ExitStack() as stack:
        started = []
        for name in names:
            log = logs / f"{name}-{threads}.log"
            messages = stack.enter_context(log.open("w"))
            process = stack.enter_context(_process(script, name, threads, pythons, messages))
            started.append(Worker(name, process, log))
        yield started


@contextmanager
def _process(
    script: Path, name: str, threads: int, pythons: dict[str, str], log: IO[str]
) -> Iterator[subprocess.Popen[str]]:
    library, _, simd = name.partition("-")
    pools = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "FLAGS_paddle_num_threads")
    environment = {**os.environ, **dict.fromkeys(pools, str(threads))}
    if simd:
        environment["ROIKIT_SIMD"] = simd
    process = subprocess.Popen(
        [pythons.get(library, sys.executable), str(script), library, str(threads)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, env=environment,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_for_quiet(patience: float = 5.0) -> bool:
    """Wait until the machine does nothing else, so long at most; whether it came to that."""
    deadline = time.monotonic() + patience
    while True:
        before = _busy_seconds()
        time.sleep(0.05)  # what is measured is how busy the machine is meanwhile
        if _busy_seconds() - before < 0.011:  # the kernel counts in hundredths
            return True
        if time.monotonic() > deadline:
            return False


def _busy_seconds() -> float:
    """CPU time that all processes have used; always the same where the system does not say."""
    try:
        user, nice, system, _, _, interrupts, soft, *_ = Path("/proc/stat").read_text().split()[1:10]
    except FileNotFoundError:
        return 0.0
    return sum(map(int, (user, nice, system, interrupts, soft))) / os.sysconf("SC_CLK_TCK")
