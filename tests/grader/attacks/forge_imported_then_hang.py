# expect: timeout
# why: would have a hang at import counted as one of the call
import os, sys
f = sys._getframe()
while 'pipe' not in f.f_locals: f = f.f_back
os.write(f.f_locals['pipe'], b'i')
while True: pass
