# expect: error
def solve(x):
    return list(range(10**6))
