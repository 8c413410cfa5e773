# expect: crashed
class Code:
    def __str__(self):
        raise SystemExit(self)
def solve(x):
    raise SystemExit(Code())
