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
        capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.count("conserved by SKU and batch: yes") == sites, run.stdout
    assert run.stdout.count("hash chain: verified") == sites
    assert run.stdout.count("entries, the chain is whole") == sites
    assert "NO" not in run.stdout and "BROKEN" not in run.stdout
