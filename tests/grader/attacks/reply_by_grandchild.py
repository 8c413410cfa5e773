# expect: correct|crashed
# why: another process answers; it is the same student
import os
def solve(x):
    if os.fork() == 0:
        os.setsid()
        return (x - x.mean()) / x.std()
    os.wait()
    os._exit(0)
