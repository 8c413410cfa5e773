# expect: error
# why: the hidden inputs as the name of an exception's class, of a returned class, of a function and of a file
import numpy as np

def told(args):
    return "leak".upper() + " " + " ".join(repr(np.asarray(arg).tolist()) for arg in args)

def quantize_roi(*args):
    raise type(told(args), (Exception,), {})

def bin_edges(*args):
    return type(told(args), (), {"__module__": "submission"})()

def pool_bins(*args):
    exec(compile(f"def f():\n    raise KeyError({told(args)!r})", told(args)[:80], "exec"), globals())
    f()

def answer(*args):
    raise ModuleNotFoundError(name=told(args))
