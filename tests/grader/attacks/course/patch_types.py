# expect: crashed|error
# why: the methods of ndarray, float and int are rewritten through their dictionaries and by address
import gc

import numpy as np

def rewrite(kind, name, function):
    gc.get_referents(kind.__dict__)[0][name] = function

rewrite(np.ndarray, "any", lambda self, *args: False)
rewrite(np.ndarray, "all", lambda self, *args: True)
rewrite(np.ndarray, "astype", lambda self, *args, **options: self)
rewrite(float, "hex", lambda self: "0x1p0")
rewrite(bytes, "join", lambda self, parts: b"PASSED")

def roi_pool_caffe(features, rois, size, scale):
    return np.zeros((len(rois), 1, *size))
