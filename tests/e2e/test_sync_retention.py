# SPDX-License-Identifier: Apache-2.0
"""An appliance deletes what is old and what the relay has safe, and nothing else: its journal stays
small, what follows from it stays whole, and a relay that comes back from that backup is refilled."""

import datetime
import shutil
import subprocess

import pytest

from site_under_test import FIRST_DAY, FRESH, WAIT_S, lapse, opening, wait_for
from sync_under_test import (TENANT, Relay, Syncd, journal_entries, rows_of, sync_of, wait_sync)

KEPT = 2048  # the newest entries always stay: firmware/retention.h
ROWS = 3200
LATER = "2027-05-10"  # as fresh forty days on as FRESH is now


def old_stock(rows):
    return {"opening.csv": opening(*[("A-01", f"OLD{k % 7}", FRESH, 1) for k in range(rows)])}


@pytest.fixture
def relay(build, tmp_path):
    made = Relay(build, tmp_path / "relay", relay__role="ingest,agents")
    made.relayd.start()
    yield made
    made.end()


@pytest.fixture
def ship(build, relay, tmp_path):
    made = []

    shard = relay.add_device("wh-1")

    def start(one):
        relay.authority.device(f"{TENANT}.wh-1", one.folder / "identity")
        syncd = Syncd(build, one.folder, relay.broker.address, shard)
        syncd.log = tmp_path / "syncd.log"
        made.append(syncd)
        return syncd.start()

    yield start
    for syncd in made:
        if syncd.running():
            syncd.kill()


def head_of(one):
    return rows_of(one.journal, "SELECT seq FROM head")[0][0]


def floor_of(one):
    rows = rows_of(one.journal, "SELECT seq FROM floor")
    return rows[0][0] if rows else 0


def stored(relay, one):
    """Waits until the relay has all; what both ends still have is the same to the byte."""
    wait_for(lambda: relay.watermark("wh-1") == head_of(one), timeout=4 * WAIT_S)
    mine = journal_entries(one.journal)
    theirs = relay.entries("wh-1")
    assert [seq for seq, _ in theirs] == list(range(1, head_of(one) + 1))
    assert theirs[mine[0][0] - 1:] == mine  # others may go at this moment
    relay.verify()


def back_up(relay, folder):
    """A copy of the store as it stands; the relay serves on."""
    relay.relayd.stop()
    shutil.copytree(relay.folder / "store", folder)
    relay.relayd.start()


def restore(relay, folder):
    relay.relayd.stop()
    shutil.rmtree(relay.folder / "store")
    shutil.copytree(folder, relay.folder / "store")
    relay.relayd.start()


def grow_old(one, days):
    """The same warehouse, so many days later."""
    assert one.stationd.stop() == 0
    one.settings["clock"]["source"] = lapse(FIRST_DAY + datetime.timedelta(days=days))
    one.start()


def digest(one):
    said = one.ctl("journal", "digest", one.journal)
    assert said.returncode == 0, said.stderr
    return said.stdout


def device_row(relay):
    rows = [line.split(",") for line in relay.ctl("device", "list", TENANT).splitlines()]
    return dict(zip(rows[0], rows[1]))


def test_what_is_old_and_safe_goes_and_a_restored_relay_is_filled_again(site, relay, ship,
                                                                        tmp_path):
    one = site(site={"tenant": TENANT}, documents=old_stock(ROWS))
    one.settings["journal"] = {"retention_days": 30}
    one.open("dock")
    early = tmp_path / "early"
    back_up(relay, early)
    syncd = ship(one)
    stored(relay, one)
    dock = one.worker().sign_in().work("receive")
    for k in range(5):
        dock.receive(f"N{k}")
    stored(relay, one)
    late = tmp_path / "late"
    back_up(relay, late)
    safe = head_of(one)
    grow_old(one, 40)
    dock = one.worker().sign_in().work("receive")
    assert dock.receive("DAY40", LATER) == "received"
    stored(relay, one)
    assert floor_of(one) == 0  # old enough, and nothing of it is safe yet
    assert f"wh-1,1,{safe}" in relay.ctl("store", "secured", TENANT, f"sqlite:{late}")
    assert dock.receive("SAFE", LATER) == "received"  # the next acknowledgement says so
    gone = wait_for(lambda: (f := floor_of(one)) >= head_of(one) - KEPT and f, timeout=4 * WAIT_S)
    assert ROWS - KEPT <= gone <= safe
    said = one.ctl("journal", "verify", one.journal)
    assert said.returncode == 0 and f"from entry {gone + 1} on" in said.stdout, said.stdout
    said = one.ctl("journal", "dump", one.journal)
    assert f"entries up to {gone} were deleted" in said.stderr
    stored(relay, one)

    restore(relay, late)
    syncd.kill()  # it greets anew: an idle link would do so within hours
    syncd.start()
    wait_sync(one, lambda s: s["state"] == "synced" and s["queued"] == 0)
    stored(relay, one)
    assert device_row(relay)["floor"] == str(gone)

    syncd.kill()
    assert one.stationd.stop() == 0
    before = digest(one)
    rebuilt = one.ctl("journal", "rebuild", one.journal)  # without what was deleted
    assert rebuilt.returncode == 0 and rebuilt.stdout == before, rebuilt.stderr
    one.start()

    # A relay that lost more than it had called safe: it says what is missing, and nobody loops.
    restore(relay, early)
    syncd.start()
    assert wait_sync(one, lambda s: s["trouble"] == "short")["state"] == "short"
    wait_for(lambda: f"entries up to {gone} are deleted there" in relay.relayd.said())
    assert relay.watermark("wh-1") == 0
    assert device_row(relay)["floor"] == str(gone)
    restore(relay, late)
    syncd.kill()
    syncd.start()
    wait_sync(one, lambda s: s["state"] == "synced" and s["trouble"] is None)
    stored(relay, one)
    assert syncd.stop() == 0


@pytest.fixture
def small(site, tmp_path):
    """A warehouse on a file system of its own."""
    folder = tmp_path / "site0"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "none", folder],
                             capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"needs the right to mount: {mounted.stderr.strip()}")
    try:
        # More than the files besides take that deleting needs: what is left of it, and their logs.
        one = site(site={"tenant": TENANT, "disk_reserve_mb": 8}, documents=old_stock(24000))
        yield one
        one.end()
        one.abandon()
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def fill_to(folder, free):
    """Leaves so many bytes on that disk."""
    with open(folder / "filler", "ab", buffering=0) as out:
        while (left := shutil.disk_usage(folder).free) > free:
            out.write(bytes(min(65536, left - free)))


def test_a_disk_at_its_reserve_recovers_by_what_the_relay_has_safe(small, relay, ship, tmp_path):
    one = small.open("dock")
    syncd = ship(one)
    stored(relay, one)
    safe = head_of(one)
    back_up(relay, tmp_path / "backup")
    dock = one.worker().sign_in().work("receive")
    assert dock.receive("A1") == "received"
    fill_to(one.folder, (8 << 20) - 40960)
    assert dock.receive("B1") == "not_saved"
    assert floor_of(one) == 0
    relay.ctl("store", "secured", TENANT, f"sqlite:{tmp_path / 'backup'}")
    syncd.kill()
    syncd.start()  # nothing new can be journalled: HELLO hears what is safe
    wait_for(lambda: floor_of(one) > 0, timeout=4 * WAIT_S)
    assert wait_for(lambda: dock.scan("VS*ok") == "received", timeout=4 * WAIT_S)
    assert floor_of(one) <= safe
    assert sync_of(one)["trouble"] is None
    stored(relay, one)
    assert syncd.stop() == 0
