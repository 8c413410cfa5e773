# expect: correct
from numpy import *
from math import *
def solve(x):
    return (x - x.mean()) / x.std()
