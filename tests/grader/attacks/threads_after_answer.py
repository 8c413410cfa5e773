# expect: correct
# why: threads and finalizers after the answer
import threading, weakref, time
def solve(x):
    threading.Thread(target=time.sleep, args=(1e6,)).start()
    weakref.finalize(solve, time.sleep, 1e6)
    return (x - x.mean()) / x.std()
