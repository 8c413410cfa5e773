# expect: error
def solve(x):
    return (x - x.mean()
