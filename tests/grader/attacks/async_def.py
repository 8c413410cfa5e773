# expect: error
async def solve(x):
    return x
