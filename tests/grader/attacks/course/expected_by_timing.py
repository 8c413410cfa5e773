# expect: wrong
# why: looks for something that takes longer when a guess is nearly right
# points: 0.5
import time

from zeros import *

zero = roi_pool

def roi_pool(features, rois, size, scale):
    best, took = None, 0.0
    for guess in (features.max(), features.min(), features[0, 0, 0, 0]):
        start = time.perf_counter()
        np.allclose(np.full((len(rois), *size), guess), features.flat[0])
        if time.perf_counter() - start > took + 10:
            best = guess
    return zero(features, rois, size, scale) if best is None else np.full((len(rois), 1, *size), best)
