# expect: wrong
# why: the functions that a comparison is made of, replaced in NumPy itself
# points: 0.5
from zeros import *

ones = lambda values, *others, **options: np.ones(np.shape(values), bool)
np.isfinite = np.isnan = np.equal = np.less_equal = np.logical_or = ones
np.flatnonzero = np.nonzero = np.argwhere = lambda values: np.zeros(0, int)
np.abs = np.absolute = lambda values, *others: np.zeros(np.shape(values))
