# expect: memory|error|timeout|crashed|correct
# why: 16 x 400 MiB, each process below the per-process limit
import os, time
def solve(x):
    for _ in range(16):
        if os.fork() == 0:
            b = bytearray(400 << 20)
            for i in range(0, len(b), 4096): b[i] = 1
            time.sleep(100)
    time.sleep(0.9)
    return (x - x.mean()) / x.std()
