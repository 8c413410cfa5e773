"""Fuzz what reads strangers' bytes, and print the counts.

    python tests/fuzz/run.py --seconds 300                # every target, as `make fuzz` does
    python tests/fuzz/run.py frames text --runs 100000

A target is a module in ``targets/``: ``check(data)`` raises nothing, whatever the bytes, and ``seeds()`` are
some to begin with. An input for which it raises, hangs or grows is kept in ``found/TARGET/``. Mended and made
small it belongs into ``corpus/TARGET/``, which ``test_fuzz.py`` replays. The exit code is 1 if there was one.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import engine

TARGETS = sorted(path.stem for path in (engine.HERE / "targets").glob("[!_]*.py"))
CORPUS = engine.HERE / "corpus"
MEMORY = Path("/dev/shm")  # a fuzzer does not wait for a disk
_CALLS = re.compile(r"stat::number_of_executed_units: (\d+)")


def main():
    options = arguments()
    with ThreadPoolExecutor(options.jobs) as pool:
        clean = [*pool.map(lambda target: fuzz(target, options), options.targets or TARGETS)]
    return 0 if all(clean) else 1


def arguments():
    parser = argparse.ArgumentParser(description="Fuzz what reads strangers' bytes, and print the counts.")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}; else all")
    parser.add_argument("--runs", type=int, default=-1, help="calls of each target")
    parser.add_argument("--seconds", type=int, default=0, help="time of each target")
    parser.add_argument("--seed", type=int, default=0, help="for the same calls again; else other ones")
    parser.add_argument("--timeout", type=int, default=60, help="seconds that one call may take")
    parser.add_argument("--memory", type=int, default=2048, help="MiB that a target may use")
    parser.add_argument("--jobs", type=int, default=1, help="targets at a time")
    parser.add_argument("--found", type=Path, default=Path("found"), help="folder for what is found")
    parser.add_argument("--plain", action="store_true", help="without atheris, even where it is installed")
    options = parser.parse_args()
    if options.runs < 0 and not options.seconds:
        parser.error("say how long: --runs or --seconds")
    return options


def fuzz(target, options):
    """Fuzz one target in a process of its own and print its line; whether nothing was found."""
    name, start = Path(target).stem, time.monotonic()
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        found, seeds, scratch = (Path(folder, part) for part in ("found", "seeds", "scratch"))
        for part in (found, seeds, scratch):
            part.mkdir()
        write_seeds(target, seeds)
        done = run_engine(target, found, seeds, scratch, options)
        findings = keep(found, options.found / name)
    calls = _CALLS.search(done.stderr)
    print(done.stdout, end="")
    if done.returncode:
        print(done.stderr[-4000:])
    is_guided = engine.HAS_ATHERIS and not options.plain
    print(
        f"{name:<10}{int(calls[1]) if calls else 0:>10} calls {time.monotonic() - start:>6.0f} s "
        f"{findings:>3} findings  ({'atheris' if is_guided else 'plain mutations'})",
        flush=True,
    )
    return done.returncode == 0 and findings == 0 and calls is not None


def run_engine(target, found, seeds, scratch, options):
    command = [sys.executable, engine.__file__, target, "--found", found, "--seeds", seeds]
    for name in ("runs", "seconds", "seed", "timeout", "memory"):
        command.append(f"--{name}={getattr(options, name)}")
    command += ["--plain"] * options.plain
    environment = {**os.environ, "PYTHONHASHSEED": "0", "TMPDIR": str(scratch)}
    return subprocess.run(
        [*map(str, command)], capture_output=True, text=True, errors="replace", env=environment
    )


def keep(found, folder):
    """Copy what was found to where it stays, and count it."""
    if any(found.iterdir()):
        shutil.copytree(found, folder, dirs_exist_ok=True)
    return len([*found.iterdir()])


def write_seeds(target, folder):
    """The target's own seeds, and the cases that were found before."""
    cases = sorted((CORPUS / Path(target).stem).glob("*"))
    for number, seed in enumerate([*engine.load(target).seeds(), *(path.read_bytes() for path in cases)]):
        (folder / f"{number:04}").write_bytes(seed)


if __name__ == "__main__":
    sys.exit(main())
