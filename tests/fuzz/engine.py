"""Calls one target with many inputs, in this process. Started by run.py, which explains.

With atheris the inputs are guided by coverage of the grader; elsewhere they are plain mutations of the seeds.
An exception is kept with its input, once for each place that it comes from, and the calls go on. A call that
takes too long, or too much memory, is kept too, and is the last one.
"""

import argparse
import hashlib
import importlib.util
import random
import resource
import signal
import sys
import time
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent
LONGEST = 4096  # bytes of an input
HAS_ATHERIS = importlib.util.find_spec("atheris") is not None  # there are wheels for Linux on x86_64 alone


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("target")
    parser.add_argument("--found", type=Path)
    parser.add_argument("--seeds", type=Path)
    parser.add_argument("--plain", action="store_true")
    for name in ("runs", "seconds", "seed", "timeout", "memory"):
        parser.add_argument(f"--{name}", type=int)
    options = parser.parse_args()
    (guided if HAS_ATHERIS and not options.plain else unguided)(options)


def load(target):
    """The target's module: a name in ``targets/``, or the path of a module that looks like one."""
    if str(HERE) not in sys.path:
        sys.path.append(str(HERE))
    path = Path(target) if target.endswith(".py") else HERE / "targets" / f"{target}.py"
    spec = importlib.util.spec_from_file_location(f"targets.{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Keeper:
    """Calls ``check`` and keeps what it raises for; ``error`` is what the last call raised, or None."""

    def __init__(self, check, folder):
        self._check, self._folder, self._places = check, folder, set()
        self.error = None

    def __call__(self, data):
        self.error = None
        try:
            self._check(data)
        except Exception as error:
            self.error = error
            self._keep(data, error)

    def _keep(self, data, error):
        frames = traceback.extract_tb(error.__traceback__)
        place = (type(error), *((frame.filename, frame.lineno) for frame in frames[-3:]))
        if place in self._places:
            return
        self._places.add(place)
        name = f"{type(error).__name__}-{hashlib.sha256(data).hexdigest()[:12]}"
        (self._folder / name).write_bytes(data)
        print(f"{name}\n{''.join(traceback.format_exception(error)[-8:])}", flush=True)


# ------------------------------------------------------------------ with atheris
def guided(options):
    """libFuzzer does not return: it ends the process when it is done."""
    import atheris

    with atheris.instrument_imports(include=["grader", "targets"]):
        check = load(options.target).check
    arguments = {
        "runs": options.runs, "max_total_time": options.seconds, "seed": options.seed, "max_len": LONGEST,
        "timeout": options.timeout, "report_slow_units": options.timeout, "rss_limit_mb": options.memory,
        "artifact_prefix": f"{options.found}/", "print_final_stats": 1,
    }  # fmt: skip
    libfuzzer = [f"-{name}={value}" for name, value in arguments.items()]
    once = Keeper(check, options.found)
    atheris.Setup([sys.argv[0], *libfuzzer, str(options.seeds)], once)
    atheris.Fuzz()


# ------------------------------------------------------------------ without
def unguided(options):
    once = Keeper(load(options.target).check, options.found)
    resource.setrlimit(resource.RLIMIT_DATA, (options.memory << 20, options.memory << 20))
    signal.signal(signal.SIGALRM, too_long)
    inputs = sorted(path.read_bytes() for path in options.seeds.iterdir())
    chance, end, calls = random.Random(options.seed or None), time.monotonic() + options.seconds, 0
    while calls != options.runs and (not options.seconds or time.monotonic() < end):
        data = inputs[calls] if calls < len(inputs) else mutated(chance, inputs)
        signal.alarm(options.timeout)
        once(data)
        signal.alarm(0)
        calls += 1
        if isinstance(once.error, (TimeoutError, MemoryError)):
            break
    print(f"stat::number_of_executed_units: {calls}", file=sys.stderr)


def too_long(*_):
    raise TimeoutError


def mutated(chance, inputs):
    """One of the inputs with bytes changed, cut out, doubled, cut off, or taken from another."""
    data = bytearray(chance.choice(inputs))
    for _ in range(chance.randint(1, 6)):
        at, length = chance.randrange(len(data) + 1), chance.randint(1, 9)
        change = chance.randrange(6)
        if change == 0:
            data[at : at + 1] = bytes([chance.randrange(256)])
        elif change == 1:
            del data[at : at + length]
        elif change == 2:
            data[at:at] = data[at : at + length]
        elif change == 3:
            data[at:at] = chance.randbytes(length)
        elif change == 4:
            other = chance.choice(inputs)
            start = chance.randrange(len(other) + 1)
            data[at:at] = other[start : start + 4 * length]
        else:
            del data[at:]
    return bytes(data[:LONGEST])


if __name__ == "__main__":
    main()
