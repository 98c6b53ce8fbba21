# SPDX-License-Identifier: Apache-2.0
"""Builds the shared object if it is missing or old, and tells pytest and Hypothesis how to run."""

import os
import pathlib
import subprocess

from hypothesis import HealthCheck, settings

TOP = pathlib.Path(__file__).resolve().parents[2]
LONG = os.environ.get("TESTS_LONG") == "1"

# The same cases on every machine by default, so that a red run is the change's fault; --all looks
# for new ones, and prints the blob that repeats what it finds.
settings.register_profile("product", max_examples=2000 if LONG else 200, derandomize=not LONG,
                          deadline=None, database=None, print_blob=True,
                          suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("product")


def pytest_configure(config):
    config.addinivalue_line("markers", "feature(tag): the property of the mission that is tested")
    if not (TOP / "build/release/build.ninja").exists():
        subprocess.run(["cmake", "--preset", "release"], cwd=TOP, check=True,
                       stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", "build/release", "--target", "product_shared",
                    "relay_shared", "agents_shared", "channels_shared"], cwd=TOP,
                   check=True, stdout=subprocess.DEVNULL)
