# expect: error
def solve(x):
	y = x - x.mean()
        return y / x.std()
