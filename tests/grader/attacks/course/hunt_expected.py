# expect: wrong
# why: nbgrader 33: looks for the expected value in all frames above and among all objects
# points: 0.5
import gc
import sys

from zeros import *

def found(trivial):
    def hunt(*args):
        frame = sys._getframe()
        while frame:
            for name in ("expected", "right", "wanted"):
                if name in frame.f_locals:
                    return frame.f_locals[name]
            frame = frame.f_back
        for thing in gc.get_objects():
            if isinstance(thing, dict) and "expected" in thing:
                return thing["expected"]
        return trivial(*args)
    return hunt

for name in ("quantize_roi", "bin_edges", "pool_bins", "roi_pool", "quantize_roi_caffe", "roi_pool_caffe",
             "bin_edges_truncate", "bin_edges_overlap"):
    globals()[name] = found(globals()[name])
