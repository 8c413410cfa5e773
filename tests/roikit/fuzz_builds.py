"""Builds the kernels so that every step of theirs is watched, and makes random calls of them.

    python tests/roikit/fuzz_builds.py --calls 1000000

The sources beside the installed package are compiled into a temporary folder, so this also shows that they
are complete.
"""

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections import Counter
from pathlib import Path

import roikit

HERE = Path(__file__).parent
SETUP = """
import runpy
from setuptools import setup

build = runpy.run_path("roikit/cpu/build.py")
arguments = ["-q", "build_ext", "--inplace", "-j2"]
setup(name="watched", packages=[], ext_modules=build["extensions"](), script_args=arguments)
"""
WATCHERS = {"bounds checks": "ROIKIT_CYTHON_DEBUG", "sanitizers": "ROIKIT_SANITIZE"}


class WatchedBuild:
    """A build of the package in `folder`, with one of the `WATCHERS`."""

    def __init__(self, watcher, folder):
        self.watcher, self.folder = watcher, Path(folder)
        shutil.copytree(
            Path(roikit.__file__).parent, self.folder / "roikit",
            ignore=shutil.ignore_patterns("*.so", "*.pyd", "*.c", "__pycache__"),
        )
        self.environment = {**os.environ, "PYTHONPATH": str(folder), WATCHERS[watcher]: "1"}
        built = subprocess.run(
            [sys.executable, "-c", SETUP],
            cwd=folder, env=self.environment, capture_output=True, text=True,
        )
        if built.returncode != 0:
            raise RuntimeError(f"the kernels do not build with {watcher}:\n{built.stdout}{built.stderr}")
        if watcher == "sanitizers":
            self.environment |= {
                "LD_PRELOAD": sanitizer_library(),
                "ASAN_OPTIONS": "detect_leaks=0:allocator_may_return_null=1",  # Python itself leaks at exit
                "UBSAN_OPTIONS": "print_stacktrace=1",
                "PYTHONMALLOC": "malloc",
            }

    def start(self, program, *arguments):
        """Start one of the programs beside this file on the build."""
        return subprocess.Popen(
            [sys.executable, str(HERE / program), *map(str, arguments)],
            cwd=self.folder, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )

    def run(self, program, *arguments):
        """What a program printed, and how it ended."""
        process = self.start(program, *arguments)
        printed, _ = process.communicate()
        return printed, process.returncode


def sanitizer_library():
    compiler = shlex.split(sysconfig.get_config_var("CC") or "cc")[0]
    asked = subprocess.run(
        [compiler, "-print-file-name=libasan.so"], capture_output=True, text=True, check=True
    )
    return asked.stdout.strip()


def fuzz(build, calls, seed, jobs):
    """Random calls by so many processes; gives what they printed, their counts, and whether all was well."""
    processes = [
        build.start("kernel_fuzz.py", "--calls", calls // jobs, "--seed", seed + job) for job in range(jobs)
    ]
    printed = [process.communicate()[0] for process in processes]
    counts = Counter()
    for text in printed:
        for name, count in re.findall(r"(\w+) (\d+)[,;]", text.splitlines()[-1].partition("seed")[0]):
            counts[name] += int(count)
    well = all(process.returncode == 0 for process in processes) and counts["findings"] == 0
    return "".join(printed), counts, well and counts["calls"] == calls // jobs * jobs


def main():
    parser = argparse.ArgumentParser(description="Random calls of the kernels, watched by sanitizers.")
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        build = WatchedBuild("sanitizers", folder)
        start = time.perf_counter()
        printed, counts, well = fuzz(build, options.calls, options.seed, options.jobs)
    if not well:
        print(printed)
    words = ", ".join(f"{count} {name}" for name, count in counts.items()) or "a crash"
    seconds = time.perf_counter() - start
    print(f"kernels under AddressSanitizer and UndefinedBehaviorSanitizer: {words}, in {seconds:.0f} s")
    sys.exit(not well)


if __name__ == "__main__":
    main()
