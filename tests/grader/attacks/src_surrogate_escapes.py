# expect: correct
name = '\ud800\udfff'
globals()[name] = print(ascii(name))
def solve(x):
    return (x - x.mean()) / x.std()
