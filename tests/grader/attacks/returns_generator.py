# expect: error
def solve(x):
    while True:
        yield 1
