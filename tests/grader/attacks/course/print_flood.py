# expect: output_limit
# why: nbgrader 29: prints until the reader gives up
import sys

while True:
    sys.stdout.write("nan 40 PASSED\n" * 100_000)
