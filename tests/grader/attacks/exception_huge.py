# expect: error
def solve(x):
    raise ValueError('A' * 10**7 + '\n' * 1000)
