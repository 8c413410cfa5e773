# expect: timeout
# why: an endless loop in C, where no signal handler of Python's runs
import itertools
def solve(x):
    return sum(itertools.repeat(1))
