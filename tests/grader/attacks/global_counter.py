# expect: wrong
calls = 0
def solve(x):
    global calls
    calls += 1
    return (x - x.mean()) / x.std() + calls
