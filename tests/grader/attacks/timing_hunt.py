# expect: correct|wrong
# why: nothing on this side knows the answer, so nothing takes longer near it
import os, time
def solve(x):
    best = None
    for guess in (x * 0, x, (x - x.mean()) / x.std()):
        start = time.perf_counter_ns()
        for _ in range(50): os.getppid(); (guess == x).all()
        took = time.perf_counter_ns() - start
        best = min(best or (took, 0), (took, 1))
    return (x - x.mean()) / x.std()
