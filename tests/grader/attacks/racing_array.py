# expect: crashed|error|wrong|correct|memory|output_limit
# why: changes its size while it is being written out
import sys, threading
import numpy as np
def solve(x):
    y = np.zeros(1 << 16)
    def race():
        while True:
            y.resize(1 << 10, refcheck=False); y.resize(1 << 16, refcheck=False)
    sys.setswitchinterval(1e-6)
    threading.Thread(target=race, daemon=True).start()
    return y
