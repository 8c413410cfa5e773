# expect: timeout|crashed
import os, time
def solve(x):
    if os.fork() == 0:
        time.sleep(100)
    os._exit(0)
