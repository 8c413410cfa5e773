# expect: correct
# why: path longer than PATH_MAX against whoever empties the folder
import os
here = os.getcwd()
try:
    for _ in range(3000):
        os.mkdir('d' * 200); os.chdir('d' * 200)
except OSError as e: print(e)
os.chdir(here)

def solve(x):
    return (x - x.mean()) / x.std()
