# SPDX-License-Identifier: Apache-2.0
"""The release build, and warehouses around it, each in a folder of its own."""

import pathlib
import subprocess
import sys

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
BUILD = TOP / "build" / "release"
PROGRAMS = ["firmware/stationd", "firmware/ctl/vyaparctl", "sync/syncd", "hal/sim/scanner_sim",
            "hal/sim/scale_sim", "hal/sim/printer_sim", "cloud-relay/relayd",
            "cloud-relay/relayctl", "tests/peer/sync_peer", "tests/peer/sender_peer",
            "tests/api/api_host"]

sys.path[:0] = [str(TOP / "board" / "host"), str(pathlib.Path(__file__).parent)]

import site_under_test  # noqa: E402  (the path above)


@pytest.fixture(scope="session")
def build():
    """What is there is taken: tests/run has built it."""
    if not all((BUILD / program).exists() for program in PROGRAMS):
        subprocess.run(["cmake", "--preset", "release"], cwd=TOP, check=True,
                       stdout=subprocess.DEVNULL)
        subprocess.run(["cmake", "--build", BUILD, "--target"]
                       + [pathlib.Path(program).name for program in PROGRAMS],
                       check=True, stdout=subprocess.DEVNULL)
    return BUILD


@pytest.fixture
def site(build, tmp_path):
    """Makes warehouses; each must end as it should: with status 0 and a journal that is whole."""
    made = []

    def make(**options):
        one = site_under_test.Warehouse(build, tmp_path / f"site{len(made)}", **options)
        made.append(one)
        return one

    yield make
    try:
        for one in made:
            one.end()
    finally:
        for one in made:
            one.abandon()
