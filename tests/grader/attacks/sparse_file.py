# expect: error
import os
def solve(x):
    f = open('s', 'wb'); os.truncate('s', 1 << 50)
    return x
