# expect: correct
print('debug', 1)
def solve(x):
    return (x - x.mean()) / x.std()
