# expect: wrong
# why: answers in words
from itertools import count

number = count()

def quantize_roi(roi, scale):
    return "correct"

def bin_edges(length, bins):
    return {"outcome": "correct", "score": 40, "max_score": 40}

def pool_bins(*args):
    return True

def roi_pool(*args):
    return ("returned", 14.0)

def answer(*args):
    return "40/40 ✓ PASSED\n1 passed in 0.01s\n"
