# expect: error
# why: otter: results are pickled in the student's process, so they can be written there
import glob
import json
import os
import pickle

RESULTS = {"score": 40, "tests": [{"name": "all", "score": 40, "max_score": 40, "outcome": "correct"}]}

def quantize_roi(*args):
    for name in (".OTTER_LOG", "results.pkl", "results.json", "scores.csv", "/autograder/results/results.json"):
        for folder in {"", "/tmp/", *glob.glob("/*/")}:
            try:
                with open(folder + name, "wb") as file:
                    file.write(pickle.dumps(RESULTS) if name.endswith("pkl") else json.dumps(RESULTS).encode())
            except OSError:
                pass
