# expect: wrong
# why: the inputs themselves, views of them and their base: an answer without an idea
import numpy as np

def answer(*args):
    first = np.asarray(args[0])
    return first if first.base is None else first.base
