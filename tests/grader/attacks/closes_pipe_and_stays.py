# expect: crashed
import os, sys, time
def solve(x):
    f = sys._getframe()
    while 'pipe' not in f.f_locals: f = f.f_back
    pipe = f.f_locals['pipe']
    os.close(pipe)
    time.sleep(10**6)
