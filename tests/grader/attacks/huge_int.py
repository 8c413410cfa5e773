# expect: error
def solve(x):
    return 1 << 10**7
