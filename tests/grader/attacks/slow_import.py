# expect: timeout
import time
time.sleep(10**6)
def solve(x):
    return (x - x.mean()) / x.std()
