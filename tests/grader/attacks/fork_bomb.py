# expect: timeout|error|crashed|memory
# why: bounded by the process limit; must leave nothing behind
import os
def solve(x):
    while True:
        os.fork()
