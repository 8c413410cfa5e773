"""What ``roikit doctor`` says about the sandbox of a machine, good and bad."""

import pytest

from grader import doctor
from grader.errors import SandboxError
from grader.sandbox import Wall, cgroup, choose, landlock
from grader.sandbox.probe import WALLS


@pytest.fixture
def said():
    """name -> finding, with nothing remembered of earlier rungs."""

    def findings():
        forget()
        return {found.name: found for found in doctor.findings()}

    yield findings
    forget()


def forget():
    choose._full.cache_clear()
    choose._lesser.cache_clear()


def test_every_wall_is_tried_and_named(said, full_rung):
    found = said()
    assert found["sandbox"].is_ok
    assert found["sandbox"].detail.startswith(f"{full_rung.name}, every wall tried")
    for wall in WALLS:
        assert (found[f"  {wall}"].is_ok, found[f"  {wall}"].detail) == (True, "held")
    assert found["reduced sandbox"].is_ok
    assert "no private file system" in found["reduced sandbox"].detail


def test_a_wall_that_falls_is_named_with_what_came_through(said, monkeypatch):
    walls = tuple(Wall(name, name != "memory", "512 MiB were held") for name in WALLS)
    monkeypatch.setattr(choose, "probe", lambda rung: walls)
    found = said()
    assert not found["sandbox"].is_ok
    assert "these walls do not hold: memory (512 MiB were held)" in found["sandbox"].remedy
    assert "no limit on memory" in found["reduced sandbox"].detail


def test_control_groups_of_both_versions_and_none(monkeypatch, tmp_path):
    for version in (1, 2):
        place = cgroup.Place(version, tmp_path, tmp_path)
        monkeypatch.setattr(cgroup, "find", lambda place=place: place)
        found = doctor._control_groups()
        assert (found.is_ok, found.remedy) == (True, "")
        assert found.detail.startswith(f"version {version}, in {tmp_path}")
    monkeypatch.setattr(cgroup, "find", lambda: None)
    found = doctor._control_groups()
    assert not found.is_ok
    assert "systemd-run --user --scope -p Delegate=yes roikit grade" in found.remedy


def test_a_machine_with_nothing(said, monkeypatch):
    def none(name="auto"):
        raise SandboxError("the remedy")

    monkeypatch.setattr("grader.sandbox.choose_rung", none)
    monkeypatch.setattr(landlock, "version", lambda: 0)
    found = said()
    assert found["sandbox"].remedy == found["reduced sandbox"].remedy == "the remedy"
    assert found["Landlock"].detail == "not in this kernel"


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_elsewhere_only_the_reason_is_given(said, monkeypatch, platform):
    monkeypatch.setattr(doctor.sys, "platform", platform)
    found = said()
    assert "is for Linux" in found["sandbox"].remedy
    assert not {"control groups", "Landlock", "reduced sandbox"} & set(found)
