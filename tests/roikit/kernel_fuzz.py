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
from hostile_calls import check

import roikit

#: Half of all calls are the newer operations'.
KINDS = hostile_calls.CALLS + hostile_gradients.CALLS
CALLS = KINDS + hostile_family.CALLS * len(KINDS)
#: One call in so many is made on the definition too. It is slow, and so is a map that moves.
COMPARED, MOVED = 10, 1000


def run(seed, number):
    """Call `number` of the sequence; gives how it ended."""
    draw = random.Random(f"{seed} {number}")
    compare = number % COMPARED == 0
    if number % MOVED == MOVED - 1:
        a_map_that_others_change()
        return "moved"
    with roikit.use_backend("plain" if compare else "fast"):
        outcome = check(draw.choice(CALLS)(draw), compare)
    return "raised" if outcome.error is not None else "compared" if compare else "returned"


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
