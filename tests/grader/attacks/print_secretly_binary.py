# expect: correct
import os, sys
os.write(1, bytes(range(256)) * 20)
sys.stderr.buffer.write(b'\xff\xfe\x1b]0;x\x07\xe2\x80\xae')
def solve(x):
    return (x - x.mean()) / x.std()
