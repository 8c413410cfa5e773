"""Instructions of each workload in small, counted by valgrind: a regression check that noise cannot move.

    make instructions      (or: python tests/benchmarks/kernels/instructions.py [--simd avx2] [--record])

One thread, ``out=`` reused, the third call. The counts are compared with those of instructions.json, which
were recorded with one compiler, one Python and one NumPy; beside others they may differ by a few parts in a
hundred with no kernel to blame. ``--record`` writes what is counted: first on the older commit, then comes
the newer one without it. Valgrind knows AVX2 and no AVX-512.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from workloads import WORKLOADS

HERE = Path(__file__).parent
COUNTS = HERE / "instructions.json"
PATHS = ("portable", "avx2")
#: A count may be so many times the recorded one.
TOLERANCE = 1.02


def toolchain() -> dict[str, str]:
    """What moves the counts beside the kernels."""
    compiler = subprocess.check_output(["cc", "-dumpfullversion", "-dumpversion"], text=True).strip()
    return {
        "machine": platform.machine(),
        "compiler": compiler,
        "python": platform.python_version(),
        "numpy": np.__version__,
    }


def count(simd: str, names: list[str]) -> dict[str, int]:
    """Instructions of one call of each workload on this path of the fast kernels."""
    with tempfile.TemporaryDirectory(prefix="roikit-instructions-") as folder:
        marks = f"{folder}/marks.so"
        subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", marks, str(HERE / "marks.c")], check=True)
        callgrind = ["valgrind", "--quiet", "--tool=callgrind", "--instr-atstart=no"]
        environment = {**os.environ, "ROIKIT_SIMD": simd, "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
        command = [sys.executable, str(HERE / "counted.py"), marks, *names]
        subprocess.run(
            [*callgrind, f"--callgrind-out-file={folder}/out", *command], check=True, env=environment
        )
        return dict(map(_read, Path(folder).glob("out.*")))


def _read(dump: Path) -> tuple[str, int]:
    text = dump.read_text()
    name = re.search(r"^desc: Trigger: Client Request: (\S+)", text, re.MULTILINE)
    total = re.search(r"^totals: (\d+)", text, re.MULTILINE)
    return name[1], int(total[1])


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python tests/benchmarks/kernels/instructions.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--simd", choices=PATHS, action="append", help="default: both")
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(WORKLOADS), metavar="W1,W5")
    parser.add_argument("--record", action="store_true")
    options = parser.parse_args()
    if not shutil.which("valgrind"):
        parser.error("valgrind is missing here: sudo apt-get install valgrind")

    if not COUNTS.exists() and not options.record:
        print("nothing is recorded yet: --record")
        return 1
    recorded = json.loads(COUNTS.read_text()) if COUNTS.exists() else {"toolchain": toolchain(), "counts": {}}
    if recorded["toolchain"] != toolchain() and not options.record:
        print(
            f"recorded with {recorded['toolchain']}, here are {toolchain()}: --record the older commit first"
        )
    worse = False
    for simd in options.simd or PATHS:
        counts = count(simd, options.only)
        before = recorded["counts"].get(simd, {})
        for name in options.only:
            ratio = counts[name] / before[name] if name in before else 1.0
            worse |= ratio > TOLERANCE
            verdict = "MORE" if ratio > TOLERANCE else "fewer: record it" if ratio < 1 / TOLERANCE else ""
            print(f"{simd:9}{name:12}{counts[name]:14,}{ratio:9.3f}  {verdict}".rstrip(), flush=True)
        recorded["counts"][simd] = {**before, **counts}
    if options.record:
        recorded["toolchain"] = toolchain()
        COUNTS.write_text(json.dumps(recorded, indent=1) + "\n")
    return int(worse and not options.record)


if __name__ == "__main__":
    sys.exit(main())
