# expect: correct
# why: tries to break the clean-up between calls
import os
os.makedirs('a/b'); os.makedirs('c/d')
os.chmod('a', 0); os.chmod('c/d', 0)

def solve(x):
    return (x - x.mean()) / x.std()
