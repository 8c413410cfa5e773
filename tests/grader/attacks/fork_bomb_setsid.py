# expect: timeout|error|crashed|memory
# why: each in a session of its own, and never discouraged
import os
def solve(x):
    while True:
        try:
            if os.fork() == 0: os.setsid()
        except OSError: pass
