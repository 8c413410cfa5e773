"""A case that asks for nothing but our own fixtures, called without pytest's steps around it.

Most cases are such functions, of `student` and `rng`. For one, pytest goes through three phases and some
sixty hooks, with nothing to set up and nothing to tear down: ten times the work of the function itself, for
every case of every student. What such a case raises, calls and says is the same either way; whatever is less
plain (a fixture or a plugin of the test file, a class, a mark) is run by pytest.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from grader import pytest_plugin

#: Marks that have done their work when a case is collected, or do nothing.
_MARKS = {"rubric", "parametrize", "usefixtures"}
#: How pytest calls what hands out a parameter.
_PARAMETER = "get_direct_param_fixture_func"


@dataclass(frozen=True)
class PlainCase:
    """A collected case, with what makes each of its arguments anew."""

    item: pytest.Function
    fixtures: dict[str, Callable[..., Any]] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)

    def run(self, following: pytest.Item | None) -> BaseException | None:
        """What the case raises; `following` is the next case of the session."""
        with warnings.catch_warnings(record=True):
            warnings.simplefilter("ignore")
            raised = _raised(self._call)
            ended = self._end_fixtures(following)
        return ended if raised is None else raised

    def _end_fixtures(self, following: pytest.Item | None) -> BaseException | None:
        """Those of cases before, which a whole file shares."""
        there = self.item.session._setupstate
        return _raised(there.teardown_exact, following) if there.stack else None

    def _call(self) -> None:
        try:
            made = {name: make(request=_Request(self.item)) for name, make in self.fixtures.items()}
            self.item.funcargs = {**self.parameters, **made}
            self.item.runtest()
        finally:
            self.item.funcargs = None  # they may hold gigabytes


@dataclass(frozen=True)
class _Request:
    """As much of pytest's own as our fixtures look at."""

    node: pytest.Item

    @property
    def config(self) -> pytest.Config:
        return self.node.config


def plain_case(item: pytest.Item) -> PlainCase | None:
    """How `item` is called without pytest; None where pytest has something to do for it."""
    chain = item.listchain()
    if type(item) is not pytest.Function or type(chain[-2]) is not pytest.Module:
        return None
    if any(isinstance(node, pytest.Package) for node in chain):  # which may have a set-up
        return None
    if any(mark.name not in _MARKS for mark in item.iter_markers()):
        return None
    if "request" in item._fixtureinfo.argnames:
        return None
    plain = PlainCase(item)
    for name in item.fixturenames:
        found = item._fixtureinfo.name2fixturedefs.get(name)
        function = found[-1].func if found else None
        if getattr(function, "__globals__", None) is vars(pytest_plugin):
            plain.fixtures[name] = function
        elif getattr(function, "__name__", "") == _PARAMETER:
            plain.parameters[name] = item.callspec.params[name]
        elif name != "request":
            return None
    return plain


def _raised(step: Callable[..., Any], *arguments: Any) -> BaseException | None:
    """As pytest keeps it: all but what ends the session."""
    try:
        step(*arguments)
    except (KeyboardInterrupt, pytest.exit.Exception):
        raise
    except BaseException as raised:
        return raised
    return None
