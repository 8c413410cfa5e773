# expect: error
import pickle
def solve(x):
    return pickle.dumps({'passed': True})
