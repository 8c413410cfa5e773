# expect: crashed|memory|error
# why: the hidden inputs in the words of sys.exit, of a MemoryError, of a name that is missing
import sys

import numpy as np

def told(args):
    return "leak".upper() + " " + " ".join(repr(np.asarray(arg).tolist()) for arg in args)

def quantize_roi(*args):
    sys.exit(told(args))

def quantize_roi_caffe(*args):
    raise MemoryError(told(args))

def pool_bins(*args):
    raise NameError(name=told(args)) from SyntaxError(told(args))

def roi_pool(*args):
    raise NotImplementedError(told(args))
