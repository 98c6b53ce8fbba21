# SPDX-License-Identifier: Apache-2.0
"""How an appliance comes by its certificate: by a claim code, once; and how it renews one."""

import pytest

from enrolment_desk import Desk
from site_under_test import lapse, wait_for
from sync_under_test import TENANT, Relay, Syncd, wait_sync

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
