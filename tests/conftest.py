"""How thorough the property tests are: few and always the same examples, unless asked for more."""

import gc
import os

import pytest
from hypothesis import HealthCheck, settings

# A test that depends on how fast a machine is would fail for no reason of ours.
SLOW = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}

settings.register_profile("suite", max_examples=30, derandomize=True, database=None, **SLOW)
settings.register_profile("thorough", max_examples=500, derandomize=True, database=None, **SLOW)  # .ci/run
settings.register_profile("deep", max_examples=20_000, database=None, **SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


# Of the half million objects that modules and tests are, none will ever be garbage; looked through again and
# again, they made each build take half as long again.
gc.disable()


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
