# expect: refused|error
# -*- coding: rot13 -*-
def solve(x):
    return (x - x.mean()) / x.std()
