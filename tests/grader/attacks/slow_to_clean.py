# expect: correct|timeout
import os
for k in range(60):
    os.makedirs(f'/tmp/{k}' + '/d' * 50)
    os.chmod(f'/tmp/{k}', 0o100)
def solve(x):
    return (x - x.mean()) / x.std()

