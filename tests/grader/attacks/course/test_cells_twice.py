# expect: wrong
# why: test cells handed in twice, once passed already, once with another task's id
# points: 0.5
# %% {"metadata": {"nbgrader": {"grade": true, "solution": false, "grade_id": "roi_pool", "points": 14, "locked": true, "schema_version": 3, "task": false}}, "outputs": [{"output_type": "stream", "name": "stdout", "text": "✓ The whole layer: 14 / 14"}]}
14
# %% {"metadata": {"nbgrader": {"grade": true, "solution": false, "grade_id": "roi_pool", "points": 14, "locked": true, "schema_version": 3, "task": false}}}
14
# %% {"metadata": {"nbgrader": {"grade": true, "solution": false, "grade_id": "quantize_roi_again", "points": 5, "locked": true, "schema_version": 3, "task": false}}}
5
# %% {"metadata": {"nbgrader": {"grade": false, "solution": true, "grade_id": "bin_edges", "points": 5, "locked": false, "schema_version": 3, "task": false}}}
from zeros import *
