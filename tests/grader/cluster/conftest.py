"""Networks of hosts, and classes to grade there."""

import os
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))  # hosts.py, cluster.py
sys.path.append(str(Path(__file__).parents[2] / "soak"))  # the class of the soak test, and its checks

from hosts import Network


@pytest.fixture
def root():
    """What only root may do."""
    if os.geteuid() != 0:
        pytest.skip("only root may make networks")


@pytest.fixture
def network(root):
    """Three hosts at one switch."""
    with Network("head", "left", "right") as hosts:
        yield hosts
