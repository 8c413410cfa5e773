# expect: error|wrong
# why: valid from Python 3.12
type Vec[T] = list[T]
def solve(x):
    return x
