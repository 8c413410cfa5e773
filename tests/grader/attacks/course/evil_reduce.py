# expect: error
# why: nbgrader 33: code that would run where a result is unpickled
import numpy as np

class Evil:
    def __reduce__(self):
        return exec, ("import os; os.environ['PWNED'] = '1'",)

def answer(*args):
    evil = np.empty((1, 1, 2, 2), dtype=object)
    evil[:] = Evil()
    return evil
