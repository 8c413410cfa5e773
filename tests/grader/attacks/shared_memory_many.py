# expect: memory|error|crashed
# why: shared anonymous memory of many processes; one page may be counted many times, but not never
import mmap, os, time
def solve(x):
    kept = [mmap.mmap(-1, 20 << 20) for _ in range(20)]
    for k, m in enumerate(kept):
        if os.fork() == 0:
            for at in range(0, len(m), 4096): m[at] = 1
            time.sleep(100)
    time.sleep(0.9)
    return x
