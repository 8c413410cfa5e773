# expect: memory
# why: 12 x 30 MiB: each process far below the limit, all of them above it
import os, time
def solve(x):
    done, full = os.pipe()
    for _ in range(12):
        if os.fork() == 0:
            b = bytearray(30 << 20)
            for i in range(0, len(b), 4096): b[i] = 1
            os.write(full, b'.'); time.sleep(1000)
    for _ in range(12): os.read(done, 1)
    time.sleep(2)
    return (x - x.mean()) / x.std()
