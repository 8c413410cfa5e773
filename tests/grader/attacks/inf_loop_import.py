# expect: timeout
while True: pass
def solve(x):
    return (x - x.mean()) / x.std()
