# SPDX-License-Identifier: Apache-2.0
"""A full disk under both daemons of an appliance: what is in the journal still reaches the relay,
what would have to be written waits, and with room it all goes on. Nothing is deleted meanwhile."""

import subprocess

import pytest

from site_under_test import orders, wait_for
from sync_under_test import TENANT, Relay, Syncd, journal_entries
from test_disk import SmallDisk


@pytest.fixture
def small(site, tmp_path):
    """A warehouse on a file system of its own, and what fills that."""
    folder = tmp_path / "site0"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "none", folder],
                             capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"needs the right to mount: {mounted.stderr.strip()}")
    try:
        one = site(site={"tenant": TENANT})
        yield one, SmallDisk(folder)
        one.end()
        one.abandon()
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@pytest.fixture
def relay(build, tmp_path):
    made = Relay(build, tmp_path / "relay")
    made.relayd.start()
    yield made
    made.end()


def test_a_full_disk_stops_what_is_written_and_not_what_is_sent(build, small, relay, tmp_path):
    one, disk = small
    dock = one.open("dock").worker().sign_in().work("receive")
    dock.receive("A1")
    relay.authority.device(f"{TENANT}.wh-1", one.folder / "identity")
    syncd = Syncd(build, one.folder, relay.broker.address, relay.add_device("wh-1"))
    syncd.log = tmp_path / "syncd.log"  # the system's log is elsewhere too
    syncd.start()
    wait_for(lambda: relay.watermark("wh-1") == len(journal_entries(one.journal)))
    relay.broker.kill()
    for k in range(20):
        dock.receive(f"B{k}")  # a backlog
    disk.fill(one)
    relay.broker.start()
    before = journal_entries(one.journal)
    wait_for(lambda: relay.watermark("wh-1") == len(before))  # reading needs no room
    assert relay.entries("wh-1") == before
    large = orders(*[(f"SO-{k}", "sale", 1, "OUT-002", "UHT-1L", k % 97 + 1) for k in range(3000)])
    relay.publish("orders", large, "wh-1")
    wait_for(lambda: "piece of a document dropped: No space left" in syncd.said())
    assert syncd.running()
    assert not [e for e in one.entries("applied") if e["document"] == "orders"]
    assert journal_entries(one.journal)[:len(before)] == before  # nothing made room by going
    disk.free()
    wait_for(lambda: [e for e in one.entries("applied") if e["document"] == "orders"], timeout=120)
    assert dock.receive("LAST") == "received"
    wait_for(lambda: relay.watermark("wh-1") == len(journal_entries(one.journal)))
    assert relay.entries("wh-1") == journal_entries(one.journal)
    relay.verify()
    assert syncd.stop() == 0
