# expect: error
# why: a cell marked as the course's test holds code that would run with the course's rights
# %% {"metadata": {"nbgrader": {"grade": true, "solution": false, "grade_id": "roi_pool", "points": 14, "locked": true, "schema_version": 3, "task": false}}}
from solution import *
