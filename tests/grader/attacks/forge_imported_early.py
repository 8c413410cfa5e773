# expect: crashed
# why: says that the import is over while it is not; the second time must not pass
import os, sys
f = sys._getframe()
while 'pipe' not in f.f_locals: f = f.f_back
os.write(f.f_locals['pipe'], b'i')
def solve(x):
    return (x - x.mean()) / x.std()
