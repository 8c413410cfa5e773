# expect: output_limit
import os
def solve(x):
    while True: os.write(2, b'B' * 65536)
