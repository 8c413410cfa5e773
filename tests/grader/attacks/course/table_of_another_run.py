# expect: wrong
# why: the inputs and answers of an earlier run, by heart; another seed asks for others
# points: 0.5
import zlib

from zeros import *

def replayed(case, make):
    """Every answer to `case` under the seeds that a careless instructor might take."""
    return {repr(make(np.random.default_rng([seed, zlib.crc32(case)]))) for seed in range(300)}

def split(rng):
    bins = int(rng.integers(4, 9))
    return bins * int(rng.integers(2, 6)) + 2, bins

def box(rng):
    start = rng.integers(1, 20, 2) + rng.integers(9, 14, 2) / 16
    return (np.array([*start, *start + rng.integers(2, 20, 2) + rng.integers(-8, -2, 2) / 16]) * 16).tolist()

def quantize_roi(roi, scale):
    known = replayed(b"test_quantize_random_box", box)
    return np.floor(np.asarray(roi) * scale) if repr(np.asarray(roi).tolist()) in known else (0, 0, 0, 0)
