# expect: wrong
def solve(x):
    return ((x - x.mean()) / x.std()).astype('f4')
