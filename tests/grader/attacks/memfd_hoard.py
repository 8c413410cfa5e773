# expect: error
# why: memory that RLIMIT_AS does not count
import os
def solve(x):
    fs = []
    for _ in range(40):
        f = os.memfd_create('x'); fs.append(f)
        for _ in range(6): os.write(f, bytes(1 << 20))
    return (x - x.mean()) / x.std()
