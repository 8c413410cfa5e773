# expect: correct
def solve(x):
    return (x - x.mean()) / x.std()
