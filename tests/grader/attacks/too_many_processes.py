# expect: correct
import os, time
made = 0
for _ in range(60):
    try:
        if os.fork() == 0: time.sleep(1000)
        made += 1
    except OSError: break
if made > 40: print('PWNED', made, 'processes')
def solve(x):
    return (x - x.mean()) / x.std()
