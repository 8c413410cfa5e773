# expect: error|wrong
# why: names that stand for a class, a coroutine, a C function, a module, a number
import functools
import sys

import numpy as np

class quantize_roi:
    def __init__(self, *args):
        self.args = args

async def bin_edges(length, bins):
    return [(0, 0)] * bins

pool_bins = np.max
roi_pool = sys
roi_pool_caffe = 14.0
bin_edges_overlap = functools.partial(print, "PASSED")
bin_edges_truncate = type
quantize_roi_caffe = property(lambda self: (0, 0, 0, 0))
