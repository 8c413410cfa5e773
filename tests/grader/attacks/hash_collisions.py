# expect: wrong|error
# why: keys that all have one hash value, for the dict of whoever decodes them
def solve(x):
    return {k * (2**61 - 1): 0 for k in range(1, 4900)}
