# expect: crashed
import sys
sys.exit(0)
def solve(x):
    return (x - x.mean()) / x.std()
