"""How thorough the property tests are, in what order tests run, and what none of them should pay for."""

import gc
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

TESTS = Path(__file__).parent

# A test that depends on how fast a machine is would fail for no reason of ours.
SLOW = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}

# Few and always the same examples, unless asked for more.
settings.register_profile("suite", max_examples=30, derandomize=True, database=None, **SLOW)
settings.register_profile("thorough", max_examples=500, derandomize=True, database=None, **SLOW)  # .ci/run
settings.register_profile("deep", max_examples=20_000, database=None, **SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

# With this set, every build in a process of its own would compile the package again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Of the half million objects that modules and tests are, none will ever be garbage; looked through again and
# again, they made each build take half as long again.
gc.disable()


def pytest_collection_modifyitems(items):
    """Let files of many builds come first, so that none is left to one worker at the end."""
    places = {"browser": 0, "site": 1, "unit": 3}
    items.sort(key=lambda item: places.get(item.path.relative_to(TESTS).parts[0], 2))


def pytest_collection_finish():
    """Look for garbage among what tests make alone, and not at every turn."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


@pytest.hookimpl(optionalhook=True)  # for whoever runs tests without pytest-xdist
def pytest_xdist_auto_num_workers():
    """A worker more than cores: while a test waits for a browser or a build, its core is another's."""
    return (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1) + 1


def pytest_addoption(parser):
    """``--update-golden``: write the pages of tests/golden anew."""
    parser.addoption("--update-golden", action="store_true", help="write the pages of tests/golden anew")
