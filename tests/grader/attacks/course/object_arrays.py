# expect: error
# why: arrays of objects hold whatever they like, 0-d ones even look like numbers
import numpy as np

class Any:
    __eq__ = __le__ = lambda self, other: True
    __sub__ = __rsub__ = __abs__ = lambda self, *other: self

def roi_pool(features, rois, size, scale):
    return np.full((len(rois), features.shape[1], *size), Any(), dtype=object)

def answer(*args):
    return np.array(Any(), dtype=object)
