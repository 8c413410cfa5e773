# expect: error
def solve(x):
    with open('/tmp/big', 'wb') as f:
        while True: f.write(bytes(1 << 20))
