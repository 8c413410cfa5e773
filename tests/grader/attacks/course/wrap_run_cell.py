# expect: error
# why: nbgrader 13: every cell that is run from now on is replaced by full marks
# %%
ip = get_ipython()
run_cell_async = ip.run_cell_async
async def full_marks(raw_cell, *args, **kwargs):
    return await run_cell_async("40", *args, **kwargs)
ip.run_cell_async = full_marks
ip.run_cell = lambda *args, **kwargs: run_cell_async("40")
# %% {"metadata": {"nbgrader": {"grade": true, "grade_id": "roi_pool", "locked": true, "points": 14, "schema_version": 3, "solution": false, "task": false}}}
40
