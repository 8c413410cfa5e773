# expect: crashed
import sys
class Out:
    def flush(self): raise SystemExit(0)
    def write(self, text): return len(text)
def solve(x):
    sys.stdout = sys.stderr = Out()
    return (x - x.mean()) / x.std()
