"""Kill the grader with SIGKILL again and again, start it again each time: the end is that of an unbroken run.

    python tests/soak/kills.py --students 300 --kills 50 --jobs 1

A line of JSON with the counts is printed; what is not as it must be ends with a traceback. The moments: any
time, the start of the program, half a line of the journal, a line that is not on the disk yet, and any step
of writing the results, the report, the gradebook and the notebooks beside it.
"""

import argparse
import collections
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # what is forked here has one thread

import sample
from checks import assert_same, check_files, check_gradebook, contents, journal_keys, watch, whole_class
from moments import LINES, WRITES, At, Count
from runs import Run, adopt_orphans, survivors

from grader.sandbox import choose_rung

SEED = "5"


class Soak:
    """One class, one folder of results, many kills."""

    def __init__(self, folder, options):
        self.folder, self.options = folder, options
        self.random = random.Random(options.random)
        self.output = folder / "out"
        self.killed = collections.Counter()
        self.jobs = itertools.cycle(options.jobs.split(","))
        sample.write_class(folder / "class", options.students)

    def arguments(self, output):
        words = ["grade", str(sample.TINY), str(self.folder / "class"), "--output", str(output)]
        return [*words, "--seed", SEED, "--jobs", next(self.jobs), "--sandbox", self.options.sandbox]

    def run(self, output, moment=None, cold=False):
        return Run(self.arguments(output), self.folder / "log", moment, cold)

    def unbroken(self):
        """The run that all is held against; gives its time and the number of its steps."""
        run = self.run(self.folder / "reference", Count(self.folder / "steps"))
        self.expect_end(run)
        return run.seconds, json.loads((self.folder / "steps").read_text())

    def expect_end(self, run):
        code = run.wait()
        assert code == 0, f"exit code {code}: {self.log()}"
        self.check()

    def check(self):
        left = survivors(but=[self.watcher.pid])
        assert not left, [Path(f"/proc/{pid}/cmdline").read_text() for pid in left]
        check_files(self.output)
        check_gradebook(self.output, self.folder / "gradebook-copy", self.options.students)

    def log(self):
        return (self.folder / "log").read_text()[-2000:]

    def kill(self, name, run, seconds=None):
        """Whether the run was killed, rather than over before its moment came."""
        before = journal_keys(self.output)
        code = run.wait(seconds)
        if code is None:
            code = run.kill()
        self.killed[name] += code == -signal.SIGKILL
        assert code in (0, -signal.SIGKILL), f"exit code {code}: {self.log()}"
        self.check()
        after = journal_keys(self.output)
        print(f"{name}: {code} after {run.seconds:.1f} s, {len(after)} jobs", file=sys.stderr)
        assert after[: len(before)] == before, "lines of the journal are lost"
        return code != 0

    def kill_while_grading(self, count, seconds):
        """Any time, and the lines of the journal; a run may also be at its end already."""
        while count > 0:
            name = self.random.choices(("any time", "start", *LINES), (8, 2, 2, 2, 2))[0]
            if name in LINES:
                count -= self.kill(name, self.run(self.output, At(name, self.random.randint(1, 6))))
                if len(journal_keys(self.output)) >= self.options.students - 6:
                    return count
            else:
                run = self.run(self.output, cold=name == "start")
                count -= self.kill(name, run, self.random.uniform(0, seconds))
        return 0

    def kill_while_writing(self, count, steps):
        """Any step; the first time that a file is written takes more of them than the next time."""
        while count > 0:
            name = WRITES[count % len(WRITES)]
            step = self.random.randint(1, steps[name])
            if self.kill(name, self.run(self.output, At(name, step))):
                count -= 1
            else:
                steps[name] = max(1, step - 1)

    def start(self):
        command = [sys.executable, __file__, "--watch", self.output, "--students", str(self.options.students)]
        self.watcher = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        seconds, steps = self.unbroken()
        kills = self.options.kills
        writing = kills // 3
        writing += self.kill_while_grading(kills - writing, min(10.0, 2 * seconds / (kills - writing) + 1))
        self.kill_while_writing(writing, steps)
        self.expect_end(self.run(self.output))
        self.compare()
        watched = json.loads(self.watcher.communicate()[0])
        assert not watched["bad"], watched["bad"]
        return {
            "students": self.options.students, "kills": sum(self.killed.values()), **self.killed,
            "random": self.options.random,
            "unbroken_s": round(seconds, 1), "results_versions_seen": watched["versions"],
        }  # fmt: skip

    def compare(self):
        found = contents(self.output)
        assert_same(found, contents(self.folder / "reference"))
        keys = found["journal.jsonl"]
        assert len(keys) == len(set(keys)) == self.options.students, f"{len(keys)} jobs for the students"
        whole_class(json.loads((self.output / "results.json").read_text()), self.options.students)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--jobs", default="1", help="by turns: 1,4")
    parser.add_argument("--sandbox", default="auto")
    parser.add_argument("--random", type=int, default=0)
    parser.add_argument("--watch", type=Path)
    options = parser.parse_args()
    if options.watch is not None:
        watch(options.watch, options.students)
        return
    adopt_orphans()
    choose_rung(options.sandbox)
    with tempfile.TemporaryDirectory(prefix="roikit-soak-") as folder:
        try:
            print(json.dumps(Soak(Path(folder), options).start()))
        except BaseException:
            print(f"the same moments again: --random {options.random}, with {vars(options)}", file=sys.stderr)
            raise


if __name__ == "__main__":
    main()
