# expect: output_limit
def solve(x):
    while True: print('A' * 1000)
