# expect: error
import os
def solve(x):
    f = open('/tmp/s', 'wb'); os.truncate('/tmp/s', 1 << 50)
    return x
