# expect: wrong
# why: the notebook brings its own points and scores, in nbgrader's fields and others
# points: 0.5
# %% {"metadata": {"nbgrader": {"grade": true, "solution": true, "grade_id": "what_is_lost", "points": 999, "manual_score": 999, "auto_score": 999, "extra_credit": 999, "locked": false, "schema_version": 3, "task": false}}}
from zeros import *
# %% {"metadata": {"nbgrader": {"grade": true, "solution": false, "grade_id": "roi_pool", "points": 999, "auto_score": 999, "needs_manual_grade": false, "locked": true, "schema_version": 3, "task": false}}, "outputs": [{"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/plain": "999"}}]}
check("roi_pool")
