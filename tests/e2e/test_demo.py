# SPDX-License-Identifier: Apache-2.0
"""The demo as anyone starts it: whole days of people at work, and a report that agrees."""

import subprocess
import sys

import pytest

import appliance


@pytest.mark.parametrize("sites", [1, 3])
def test_days_of_the_demo_end_with_a_report_that_agrees(build, tmp_path, sites):
    run = subprocess.run(
        [sys.executable, appliance.TOP / "board" / "host" / "floor.py", "--days", "3", "--speed",
         "0.5", "--sites", str(sites), "--port", "0", "--build", build, "--folder",
         tmp_path / "demo"],
        capture_output=True, text=True, timeout=900, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    for invariant in ("hash chain verified", "books and shelves agree, by SKU and batch",
                      "stock of the appliance is the sum of its entries, by SKU and batch"):
        held = [line for line in run.stdout.splitlines()
                if line.strip().startswith("holds ") and line.endswith(invariant)]
        assert len(held) == sites, run.stdout
    assert "invariants hold" in run.stdout
