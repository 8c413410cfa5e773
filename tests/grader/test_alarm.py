"""The alarm clock of a grading process, and the watchdog behind it, which is not made anew for each case."""

import faulthandler
import signal
from types import SimpleNamespace

import pytest

from grader import alarm
from grader.alarm import TooLong, many_limits, paused, time_limit

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no alarm clock on this system")


@pytest.fixture
def watchdog(monkeypatch):
    """What becomes of the watchdog of a process that can be replaced: its seconds; None: it is called off."""
    told = []
    monkeypatch.setattr(alarm, "_clock", alarm._Clock())
    monkeypatch.setattr(faulthandler, "dump_traceback_later", lambda seconds, exit: told.append(seconds))
    monkeypatch.setattr(faulthandler, "cancel_dump_traceback_later", lambda: told.append(None))
    alarm.another_takes_our_place()
    return told


def near(seconds):
    """As long as it took to say so is missing."""
    return pytest.approx(seconds, abs=1)


def test_a_limit_has_a_watchdog_of_its_own(watchdog):
    with time_limit(2):
        pass
    assert watchdog == [near(12), None]


def test_many_limits_share_one(watchdog):
    with many_limits():
        for seconds in (2, 3, 2):
            with time_limit(seconds), paused():
                pass
    assert watchdog == [near(15), None]


def test_a_limit_that_is_longer_or_shorter_gets_one_of_its_own(watchdog):
    with many_limits():
        for seconds in (2, 60, 2):
            with time_limit(seconds):
                pass
    assert watchdog == [near(15), near(73), near(15), None]


def test_a_pause_that_lasts_is_not_bitten(watchdog, monkeypatch):
    """However long a call into the sandbox takes: a limit that goes on gets a new one."""
    now = SimpleNamespace(time=0.0)
    monkeypatch.setattr(alarm, "time", SimpleNamespace(monotonic=lambda: now.time))
    with many_limits(), time_limit(10):
        now.time = 17.9  # of 23
        with paused():
            while watchdog[-1] is not None:  # the clock rings, and it is called off
                pass
    assert watchdog == [23, None, near(23), None]


def test_between_two_limits_neither(watchdog, monkeypatch):
    now = SimpleNamespace(time=0.0)
    monkeypatch.setattr(alarm, "time", SimpleNamespace(monotonic=lambda: now.time))
    with many_limits():
        with time_limit(10):
            now.time = 17.9
        while watchdog[-1] is not None:
            pass
        with pytest.raises(TooLong), time_limit(0.01):
            endless()


def test_without_another_process_there_is_none(watchdog, monkeypatch):
    monkeypatch.setattr(alarm, "_clock", alarm._Clock())
    with many_limits(), time_limit(2):
        pass
    assert watchdog == []


@pytest.mark.parametrize("around", [many_limits, lambda: time_limit(5)])
def test_everything_is_left_as_it_was(around, watchdog):
    before = signal.getsignal(signal.SIGALRM)
    with around(), pytest.raises(TooLong), time_limit(0.01):
        endless()
    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert watchdog[-1] is None


def endless():
    while True:
        pass
