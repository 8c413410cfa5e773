# expect: memory|timeout|crashed|error
# why: hands its memory on from process to process
import os
def solve(x):
    kept = []
    while True:
        kept.append(bytearray(b'x') * (4 << 20))
        if os.fork(): os._exit(0)
        os.setsid()
