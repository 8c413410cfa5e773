# expect: correct
# -*- coding: latin-1 -*-
# café
def solve(x):
    return (x - x.mean()) / x.std()
