# expect: refused|error
# why: a notebook with NaN for points, and a key twice: two programs read two notebooks
# %% {"metadata": {"nbgrader": {"grade_id": "roi_pool", "points": NaN, "grade": false, "solution": true}}, "source": "roi_pool = None", "cell_type": "code"}
