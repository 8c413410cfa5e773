# expect: error
# why: nbgrader 23: scripts in outputs, Markdown, attachments, metadata and results, for the instructor's browser
# points: 0.5
# %% [markdown]
# <script>fetch("/formgrader/api/students").then(PWNED)</script><img src=x onerror=PWNED()>
# [a link](javascript:PWNED()) <svg onload=PWNED()> <style>*{display:none}</style>
# ![picture](https://example.org/track.png)
# %% {"outputs": [{"output_type": "display_data", "metadata": {}, "data": {"text/html": "<script>PWNED()</script>"}}], "metadata": {"<script>PWNED()</script>": 1}}
from zeros import *
from html import escape
# %%
def quantize_roi(roi, scale):
    return "<script>PWNED()</script>"
def bin_edges(length, bins):
    raise ValueError('<img src=x onerror="PWNED()"> </pre><script>PWNED()</script> [x](javascript:PWNED())')
