# SPDX-License-Identifier: Apache-2.0
"""The network demo as anyone starts it: broker, relay, four appliances of two distributors."""

import re
import subprocess
import sys
import tempfile

import appliance


def test_days_of_the_network_end_with_every_invariant_held(build):
    with tempfile.TemporaryDirectory(prefix="network-") as folder:  # names of devices are bounded
        done = subprocess.run(
            [sys.executable, appliance.TOP / "board" / "host" / "network.py", "--days", "3",
             "--once", "--port", "0", "--build", build, "--folder", folder],
            capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    held, of = map(int, re.search(r"(\d+) of (\d+) invariants hold", done.stdout).groups())
    assert held == of >= 27, done.stdout
    entries = re.search(r"demo: ([\d,]+) entries at the relay", done.stdout)
    assert entries and int(entries[1].replace(",", "")) > 300, done.stdout
