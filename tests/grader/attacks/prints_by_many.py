# expect: output_limit
# why: stdout and stderr filled by all processes that it may have
import os
def solve(x):
    for _ in range(8):
        try: os.fork()
        except OSError: pass
    while True:
        os.write(1, b'A' * 65536); os.write(2, b'B' * 65536)
