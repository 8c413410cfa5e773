# expect: error
def solve(x):
    return solve(x)
