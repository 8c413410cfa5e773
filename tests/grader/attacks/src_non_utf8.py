# expect: refused|error
# café
def solve(x):
    return (x - x.mean()) / x.std()
