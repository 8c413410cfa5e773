# expect: crashed|error|wrong
# why: isinstance, abs, all, any and sum of the whole interpreter say what is wanted
import builtins

import numpy as np

def roi_pool_caffe(features, rois, size, scale):
    result = np.zeros((len(rois), features.shape[1], *size), features.dtype)
    builtins.abs = builtins.sum = lambda *values: 0
    builtins.all = builtins.isinstance = builtins.issubclass = lambda *values: True
    builtins.any = lambda *values: False
    return result
