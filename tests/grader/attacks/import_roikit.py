# expect: error
import roikit
def solve(x):
    return roikit.roi_pool(x)
