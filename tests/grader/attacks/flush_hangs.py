# expect: timeout
import sys
class Out:
    def flush(self):
        while True: pass
    def write(self, text): return len(text)
def solve(x):
    sys.stdout = Out()
    return (x - x.mean()) / x.std()
