# expect: wrong
# why: the state of np.random tells which case is running, and with it what to answer
import random

import numpy as np

def answer(*args):
    public = {1: (0, 0, 20, 20)}
    return public.get(int(np.random.get_state()[1][0]) ^ random.getrandbits(32))
