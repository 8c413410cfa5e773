# expect: crashed|memory|error|timeout
import sys
sys.setrecursionlimit(2**31 - 1)
class Deep:
    def __eq__(self, other): return [Deep()] == [other]
def solve(x):
    return Deep() == Deep()
