# expect: correct
import os
print('\ud800 \u202e \x1b[2J')
os.write(1, bytes(range(256)))
def solve(x):
    return (x - x.mean()) / x.std()
