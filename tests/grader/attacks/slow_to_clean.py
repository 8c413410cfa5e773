# expect: correct|timeout
import os
for k in range(60):
    os.makedirs(f'{k}' + '/d' * 50)
    os.chmod(f'{k}', 0o100)
def solve(x):
    return (x - x.mean()) / x.std()

