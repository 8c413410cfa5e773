# expect: error
# why: hooks and plugins of pytest that would report every test as passed
import pytest

pytest_plugins = ["submission"]
__test__ = True

@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    report.outcome, report.longrepr = "passed", None

def pytest_collection_modifyitems(items):
    items.clear()

def answer(*args):
    pytest.skip("not today")
