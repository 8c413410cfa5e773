"""docs/cluster.md: its commands are run as they stand there, on hosts with the addresses that it uses."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import checks
import pytest
from cluster import BIN, SOON
from hosts import NAMESPACES, PATIENCE, until

from grader import assignment

PAGE = (Path(__file__).parents[3] / "docs" / "cluster.md").read_text(encoding="utf-8")
#: Runs a job at once, on another host; `scancel` ends its process group.
SBATCH = """#!/bin/bash
cp "$1" "$SLURM/1.sh"
setsid nsenter --net="$NODE" bash "$SLURM/1.sh" >"$SLURM/1.log" 2>&1 </dev/null &
echo $! >"$SLURM/1"
echo "Submitted batch job 1"
"""
SCANCEL = """#!/bin/bash
kill -- -"$(cat "$SLURM/$1")" && mv "$SLURM/$1" "$SLURM/cancelled"
"""


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def command(*beginnings):
    """The one line of the page that begins with the first and has the last in it; without its comment."""
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    (line,) = [line for line in lines if line.startswith(beginnings[0]) and beginnings[-1] in line]
    return re.sub(r"\s+# .*", "", line)


class Desk:
    """Terminals in the folder of somebody who reads the page."""

    def __init__(self, folder):
        self.folder = folder
        self.environment = {**os.environ, **SOON, "HOME": str(folder), "OPENBLAS_NUM_THREADS": "1"}
        self.environment["PATH"] = f"{BIN}:{os.environ['PATH']}"

    def options(self, **more):
        return {"env": self.environment, "cwd": self.folder, **more}

    def run(self, host, line):
        ended = host.run("bash", "-c", line, **self.options())
        assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-2000:]
        return ended.stdout

    def start(self, host, line, says="", **options):
        log = self.folder.parent / f"{host.name}-{line.split()[1]}.log"
        process = host.start("bash", "-c", f"exec {line}", log=log, **self.options(**options))
        until(lambda: says in log.read_text(), process, f"{line!r} says {says!r}: see {log}")
        return process

    def grade(self, host, line, output):
        self.run(host, line.replace("results", output) + " --seed 5")
        return checks.contents(self.folder / output)


@pytest.fixture
def desk(tmp_path):
    """With a class of three in `class`."""
    made = Desk(tmp_path / "desk")
    classmates = assignment.home() / assignment.SAMPLE_CLASS
    for student in ("ada", "bela", "chen"):
        shutil.copytree(classmates / student, made.folder / "class" / student)
    return made


def expect_the_results_of_one_laptop(desk, host, line):
    alone = command("roikit grade", "--jobs 8")
    checks.assert_same(desk.grade(host, line, "on-a-cluster"), desk.grade(host, alone, "alone"))


def test_two_machines(network, desk):
    head, left, _ = network
    desk.start(head, command("dask scheduler"), "Scheduler at:")
    desk.start(left, command("dask worker"), "Registered to:")
    expect_the_results_of_one_laptop(desk, head, command("roikit grade", "10.0.0.1"))


def make_keys(desk, host):
    (keys,) = (block for block in blocks("sh") if "openssl" in block)
    desk.run(host, keys)


def test_two_machines_with_tls(network, desk):
    head, left, _ = network
    make_keys(desk, head)
    desk.start(head, command("dask scheduler") + " --protocol tls", "Scheduler at:")
    desk.start(left, command("dask worker").replace("tcp:", "tls:"), "Registered to:")
    grade = command("roikit grade", "10.0.0.1").replace("tcp:", "tls:")
    expect_the_results_of_one_laptop(desk, head, grade)

    shutil.rmtree(desk.folder / ".config")  # a stranger has no keys
    for address in ("tls:", "tcp:"):
        line = grade.replace("tls:", address)
        refused = head.run("bash", "-c", f"{line} --fresh", **desk.options())
        assert refused.returncode in (1, 2)
        assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("protocol", ["tcp", "tls"])
def test_slurm(network, desk, tmp_path, protocol):
    """dask-jobqueue, and a Slurm whose node is another host."""
    head, left, _ = network
    for name, text in (("sbatch", SBATCH), ("scancel", SCANCEL)):
        path = tmp_path / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)
    slurm = tmp_path / "slurm"
    slurm.mkdir()
    desk.environment["PATH"] = f"{tmp_path / 'bin'}:{desk.environment['PATH']}"
    desk.environment |= {"SLURM": str(slurm), "NODE": str(NAMESPACES / left.namespace)}
    (workers,) = blocks("python")
    if protocol == "tls":
        make_keys(desk, head)
        workers = workers.replace("SLURMCluster(\n", 'SLURMCluster(\n    protocol="tls://",\n')
    (desk.folder / "workers.py").write_text(workers)

    line = re.search(r"`(python workers.py) \d+`", PAGE)[1] + " 1"
    asking = desk.start(head, line, "The address is in", stdin=subprocess.PIPE)
    expect_the_results_of_one_laptop(desk, head, command("roikit grade", "scheduler.txt"))
    assert "#SBATCH -A cs101" in (slurm / "1.sh").read_text()
    assert (desk.folder / "scheduler.txt").read_text().startswith(f"{protocol}://10.0.0.1:")
    asking.communicate(b"\n", timeout=PATIENCE)
    assert asking.returncode == 0
    assert (slurm / "cancelled").exists()


def test_links_lead_somewhere():
    titles = {f"#{title.lower().replace(' ', '-')}" for title in re.findall(r"^#+ (.*)", PAGE, re.MULTILINE)}
    for target in re.findall(r"\]\(([^)]+)\)", PAGE):
        assert target.startswith("https://") or target in titles, target
