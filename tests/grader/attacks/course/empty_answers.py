# expect: wrong
# why: an empty result has no value that differs; it is right only where no RoI was given
# points: 0.5
import numpy as np

def roi_pool(features, rois, size, scale):
    return np.zeros((0, features.shape[1], *size), features.dtype)

def answer(*args):
    return np.zeros((0, 4))
