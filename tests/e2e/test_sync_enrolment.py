# SPDX-License-Identifier: Apache-2.0
"""How an appliance comes by its certificate: by a claim code, once; and how it renews one."""

import sqlite3

import pytest

from enrolment_desk import Desk
from site_under_test import lapse, wait_for
from sync_under_test import TENANT, Relay, Syncd, rows_of, wait_sync

NAME = f"{TENANT}.wh-1"


@pytest.fixture
def relay(build, tmp_path):
    for program in ("cloud-relay/relayd", "sync/syncd"):
        if not (build / program).exists():
            pytest.skip(f"{program} is not built")
    made = Relay(build, tmp_path / "relay")
    made.relayd.start()
    yield made
    made.end()


@pytest.fixture
def desk(relay, tmp_path):
    made = Desk(relay.authority, tmp_path / "desk", NAME, relay.broker.address,
                relay.add_device("wh-1"))
    yield made
    made.end()


@pytest.fixture
def start(build):
    made = []

    def begin(one, url, claim, **settings):
        syncd = Syncd(build, one.folder, relay__url=url, relay__claim=claim, **settings)
        made.append(syncd)
        return syncd.start()

    yield begin
    for syncd in made:
        if syncd.running():
            assert syncd.stop() == 0, syncd.said()


def test_a_claim_gives_name_certificate_and_brokers_and_then_all_arrives(site, relay, desk, start,
                                                                         tmp_path):
    one = site(site={"tenant": TENANT}).open("dock")
    desk.busy = 1
    claim = tmp_path / "claim"
    syncd = start(one, desk.url, claim)
    assert wait_sync(one, lambda s: s["trouble"] == "unclaimed")["state"] == "unclaimed"
    assert desk.asked == []  # without a code nobody is asked
    claim.write_text(desk.claim + "\n")
    wait_sync(one, lambda s: s["state"] == "synced" and s["trouble"] is None)
    path, body = desk.asked[-1]
    assert path == "/enrol/v1/claim" and len(desk.asked) == 2
    assert body["claim"] == desk.claim and "certificate" not in body
    assert (body["name"], body["epoch"]) == (NAME, 1)  # what its journal began with
    key = (one.folder / "identity" / "key.pem").read_text()
    assert desk.claim not in syncd.said() and "PRIVATE" in key and key not in str(desk.asked)
    syncd.kill()  # what was granted is kept
    syncd.start()
    wait_for(lambda: "link: up" in syncd.said().partition("life 2")[2])
    assert len(desk.asked) == 2


def test_a_wrong_claim_is_said_on_the_screen_and_asked_again(site, desk, start, tmp_path):
    one = site(site={"tenant": TENANT}).open("dock")
    claim = tmp_path / "claim"
    claim.write_text("WRONG-CODE\n")
    start(one, desk.url, claim)
    said = wait_sync(one, lambda s: s["trouble"] == "claim")
    assert said["state"] == "unclaimed"
    claim.write_text(desk.claim)
    wait_sync(one, lambda s: s["state"] == "synced")


def test_a_claim_for_another_appliance_is_not_taken(site, desk, start, tmp_path):
    one = site(site={"tenant": TENANT, "device": "wh-2"}).open("dock")
    claim = tmp_path / "claim"
    claim.write_text(desk.claim)
    start(one, desk.url, claim)  # the desk gives wh-1
    assert wait_sync(one, lambda s: s["trouble"] == "mismatch")["state"] == "unclaimed"
    assert not (one.folder / "identity" / "certificate.pem").exists()


def test_a_certificate_that_has_run_out_renews(site, relay, desk, start):
    one = site(site={"tenant": TENANT}).open("dock")
    relay.authority.device(NAME, one.folder / "identity", days=0)
    old = (one.folder / "identity" / "certificate.pem").read_text()
    start(one, desk.url, "", clock__source=lapse())
    wait_sync(one, lambda s: s["state"] == "synced")
    body = desk.asked[-1][1]
    assert body["certificate"] == old and "claim" not in body
    assert (one.folder / "identity" / "certificate.pem").read_text() != old


def enrolled(folder):
    """Whether all is there that the next start needs: key, certificate, and what was granted."""
    try:
        granted = rows_of(folder / "inbox.db", "SELECT granted FROM enrolment")
    except sqlite3.OperationalError:
        return False
    return bool(granted) and (folder / "identity" / "certificate.pem").exists()


def test_killed_in_front_of_any_step_an_enrolment_goes_on(build, desk, tmp_path):
    """By the claim alone, without a journal. The desk gives a claim to one key and to no other, so a
    key that was made twice would show."""
    killed = 0
    for step in range(1, 1000):
        folder = tmp_path / f"device-{step}"
        folder.mkdir()
        desk.claim = f"claim-{step}"
        (folder / "claim").write_text(desk.claim)
        syncd = Syncd(build, folder, relay__url=desk.url, relay__claim=folder / "claim")
        whole = syncd.command
        syncd.command = ["env", f"LD_PRELOAD={build / 'tests' / 'libkill_at.so'}",
                         f"KILL_AT={step}", *whole]
        syncd.start()
        wait_for(lambda: not syncd.running() or "enrolment: " in syncd.said())
        if syncd.running():  # it came through without that step
            syncd.stop()
            assert enrolled(folder)
            break
        assert syncd.process.returncode == -9, syncd.said()
        killed += 1
        syncd.command = whole
        syncd.start()
        wait_for(lambda: enrolled(folder))
        syncd.kill()
        key = (folder / "identity" / "key.pem").read_text()
        assert "PRIVATE KEY" in key and list(folder.glob("identity/*.new")) == []
    assert killed > 15
    assert len(desk.keys) == killed + 1
