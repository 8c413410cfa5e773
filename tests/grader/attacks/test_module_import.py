# expect: error
import sklearn_not_there.preprocessing as p
def solve(x):
    return p.scale(x)
