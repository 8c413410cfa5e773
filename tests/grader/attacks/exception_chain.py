# expect: error|crashed
def solve(x):
    e = None
    for _ in range(10**4):
        new = ValueError('again'); new.__cause__ = e; e = new
    raise e
