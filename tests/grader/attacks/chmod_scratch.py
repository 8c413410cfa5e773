# expect: correct
# why: tries to break the clean-up between calls
import os
os.makedirs('/tmp/a/b'); os.makedirs('/tmp/c/d')
os.chmod('/tmp/a', 0); os.chmod('/tmp/c/d', 0)

def solve(x):
    return (x - x.mean()) / x.std()
