"""The networks that the tests of clusters use: cables can be cut and mended, and nothing is left of them."""

import os
import subprocess
import sys
from pathlib import Path

from hosts import Network, ip, until

KILLED = f"""
import os, signal, sys
sys.path.append({str(Path(__file__).parent)!r})
import hosts
network = hosts.Network("only")
only, = network.__enter__()
print(only.namespace, only.start("sleep", "600", log=os.devnull).pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def visit(host, other):
    """Whether a server on another host answers."""
    url = f"http://{other.address}:8000"
    code = f"from urllib.request import urlopen; urlopen({url!r}, timeout=1).read()"
    return host.run(sys.executable, "-c", code).returncode == 0


def runs(pid):
    """Whether a process is alive, rather than gone or dead and not yet fetched by its parent."""
    path = Path(f"/proc/{pid}/cmdline")
    return path.exists() and path.read_bytes() != b""


def test_a_cable_is_cut_and_mended(network, tmp_path):
    head, left, right = network
    server = head.start(sys.executable, "-m", "http.server", "--bind", head.address, log=tmp_path / "log")
    until(lambda: visit(head, head), server)
    assert visit(left, head)
    left.cut()
    assert not visit(left, head)
    assert visit(right, head)
    left.mend()
    assert visit(left, head)


def test_nothing_is_left(root, tmp_path):
    """Neither what a killed run has left, nor what fled from the group of its program."""
    ended = subprocess.run([sys.executable, "-c", KILLED], capture_output=True, text=True)
    namespace, pid = ended.stdout.split()
    assert namespace in ip("netns", "list")
    with Network("only") as (only,):
        assert namespace not in ip("netns", "list")
        assert not runs(pid)
        log = tmp_path / "log"
        only.start("sh", "-c", "setsid sh -c 'echo $$; exec sleep 600' & echo $$", log=log)
        until(lambda: len(log.read_text().split()) == 2)
    assert not any(runs(pid) for pid in log.read_text().split())
    assert only.namespace not in ip("netns", "list")


def test_a_survivor_is_told(root):
    """What has left all hosts is found, too: a sandbox has a network of its own."""
    made = Network("only")
    (only,) = made.__enter__()
    try:
        only.start("sh", "-c", "setsid unshare --net sleep 6 &", log=os.devnull).wait()
        until(lambda: any("sleep" in command for command in made.survivors(patience=0.0)))
    finally:  # else every later test would adopt orphans
        made.__exit__()
