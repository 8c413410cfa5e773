# expect: error
def solve(x):
    a = []
    for _ in range(10**5): a = [a]
    return a
