# expect: error
def solve(x):
    a = []; a.append(a); return a
