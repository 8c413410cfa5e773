# expect: correct|error
def solve(x):
    y = (x - x.mean()) / x.std()
    globals().clear()
    return y
