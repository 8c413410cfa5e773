"""Random calls of everything public, good and bad; prints how many, and what was wrong with any.

    python tests/roikit/kernel_fuzz.py --calls 20000 --seed 0        (--only N runs call N again, alone)

`fuzz_builds.py` runs this on builds of the kernels that watch each access and each number.
"""

import argparse
import random
import sys
import threading
import time
import traceback
import warnings

import hostile_calls
import hostile_family
import hostile_gradients
import numpy as np
from hostile_calls import attempt, check, parts

import roikit

#: Half of all calls are the newer operations'.
KINDS = hostile_calls.CALLS + hostile_gradients.CALLS
CALLS = KINDS + hostile_family.CALLS * len(KINDS)
#: One call in so many is made on the definition too. It is slow, and so is a map that moves.
COMPARED, MOVED = 10, 1000
#: How far a fast kernel may be off, by dtype, times the largest number that is given or comes out.
NEAR = {"float16": 4e-3, "bfloat16": 3e-2, "float32": 1e-4, "float64": 1e-11}


def run(seed, number):
    """Call `number` of the sequence; gives how it ended."""
    draw = random.Random(f"{seed} {number}")
    compare = number % COMPARED == 0
    if number % MOVED == MOVED - 1:
        a_map_that_others_change()
        return "moved"
    call = draw.choice(CALLS)(draw)
    with roikit.use_backend("plain" if compare else "fast"):
        outcome = check(call, compare)
    if number % COMPARED == 1 and outcome.error is None and ordinary(call):
        with roikit.use_backend("plain"):
            check_near(outcome, attempt(call))
    return "raised" if outcome.error is not None else "compared" if compare else "returned"


def ordinary(call):
    """Whether it computes with few numbers, whose sums cannot grow much."""
    given = call.arguments.values()
    several = [part for value in given if type(value) in (list, tuple) for part in value]  # others never end
    arrays = [each for each in (*given, *several) if type(each) is np.ndarray and each.dtype.name in NEAR]
    small = all(each.size < 2**16 and np.all(abs(each.astype(float)) < 1000) for each in arrays)
    return small and call.function is not hostile_calls.written


def check_near(fast, plain):
    """Of the fast kernels and the plain ones: not further apart than rounding makes them."""
    for ours, theirs in zip(parts(fast.value), parts(plain.value), strict=True):
        if type(ours) is np.ndarray:
            expected = theirs.astype(float)
            largest = np.max(abs(expected), initial=1000, where=np.isfinite(expected))
            near = NEAR.get(ours.dtype.name, 0) * largest
            np.testing.assert_allclose(ours.astype(float), expected, rtol=0, atol=near)


def a_map_that_others_change():
    """One thread reads a map, another writes to it and does what it can to move it."""
    features = np.zeros((1, 64, 16, 16))

    def read():
        for _ in range(5):
            roikit.roi_align(features, [[0, 0, 0, 15, 15]], 7, 1.0, 4)

    reader = threading.Thread(target=read)
    reader.start()
    while reader.is_alive():
        try:
            features[0, 0] = np.nan
            features.resize((1, 64, 16, 33 - features.shape[3]), refcheck=False)  # 16, 17, 16, ...
        except ValueError:  # held
            time.sleep(0)


def fuzz(calls, seed, first=0):
    """Make the calls; gives counts of how they ended, and of findings, which are printed."""
    counts = dict.fromkeys(("raised", "returned", "compared", "moved", "findings"), 0)
    for number in range(first, first + calls):
        try:
            counts[run(seed, number)] += 1
        except Exception:  # whatever it is, it is a finding
            counts["findings"] += 1
            print(f"--- call {number}, seed {seed}:\n{traceback.format_exc()}", flush=True)
    return counts


def main():
    parser = argparse.ArgumentParser(description="Random calls of everything public.")
    parser.add_argument("--calls", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=int)
    options = parser.parse_args()
    warnings.simplefilter("error")
    sys.setswitchinterval(1e-4)
    start = time.perf_counter()
    first, calls = (0, options.calls) if options.only is None else (options.only, 1)
    counts = fuzz(calls, options.seed, first)
    words = ", ".join(f"{name} {count}" for name, count in counts.items())
    print(f"calls {calls}, {words}; seed {options.seed}, {time.perf_counter() - start:.0f} s", flush=True)
    sys.exit(counts["findings"] > 0)


if __name__ == "__main__":
    main()
