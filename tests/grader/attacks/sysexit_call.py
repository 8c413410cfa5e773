# expect: crashed
def solve(x):
    raise SystemExit(0)
