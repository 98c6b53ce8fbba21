# SPDX-License-Identifier: Apache-2.0
"""A bare appliance: no tenant, no device, no epoch, no certificate, no relay in its configuration. A
claim code and the relay's address are all that a technician types; the real API enrols it."""

import shutil
import subprocess
import threading

import pytest
import requests

from site_under_test import WAIT_S, wait_for
from sync_under_test import TENANT, Relay, Syncd, journal_entries, rows_of

PASSWORD = "correct horse 1"


@pytest.fixture
def relay(build, tmp_path):
    keys = tmp_path / "authorities"
    made = Relay(build, tmp_path / "relay", relay__role="ingest,api", api__authority=keys)
    keys.mkdir()
    ca = made.authority.folder
    shutil.copy(ca / "root.pem", keys / "root.pem")
    shutil.copy(ca / f"{TENANT}.key", keys / f"{TENANT}.key.pem")
    shutil.copy(ca / f"{TENANT}.pem", keys / f"{TENANT}.chain.pem")
    (keys / f"{TENANT}.key.pem").chmod(0o600)
    made.ctl("user", "add", TENANT, "owner", "owner", said=PASSWORD + "\n")
    made.relayd.start()
    made.url = f"https://127.0.0.1:{made.api_port}"
    wait_for(lambda: "api: address" in made.relayd.said())
    yield made
    made.end()


def claim(relay, device):
    """A code, as a person makes one in the console."""
    roots = relay.api / "ca.pem"
    session = requests.post(f"{relay.url}/api/v1/login", timeout=WAIT_S, verify=roots, json={
        "tenant": TENANT, "user": "owner", "password": PASSWORD}).json()
    made = requests.post(f"{relay.url}/api/v1/claims", timeout=WAIT_S, verify=roots,
                         json={"device": device, "site": "nagpur"},
                         headers={"Authorization": f"Bearer {session['accessToken']}",
                                  "Idempotency-Key": f"claim-{device}"})
    assert made.status_code == 201, made.text
    return made.json()["code"]


def test_a_claim_code_is_all_that_a_bare_appliance_needs(build, site, relay):
    one = site(site={"tenant": "", "device": "wh-01", "name": "warehouse"})
    syncd = Syncd(build, one.folder, relay__ca=relay.api / "ca.pem")
    syncd.start()
    opening = threading.Thread(target=one.open, args=("dock",))  # returns when it has a name
    opening.start()
    wait_for(lambda: (one.folder / "inbox.db").exists() and (one.folder / "stationd.log").exists()
             and "waits for enrolment" in (one.folder / "stationd.log").read_text())
    assert not one.journal.exists()
    code = claim(relay, "wh-7")
    done = subprocess.run([build / "firmware/ctl/vyaparctl", "claim", code, relay.url, one.folder],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    opening.join(2 * WAIT_S)
    assert not opening.is_alive()
    assert rows_of(one.journal, "SELECT tenant, device, epoch FROM origin") == [(TENANT, "wh-7", 1)]
    assert one.entries("opened")[0]["note"] == "nagpur"
    dock = one.worker().sign_in().work("receive")
    assert dock.receive("L1") == "received"
    wait_for(lambda: relay.watermark("wh-7") == len(journal_entries(one.journal)))
    assert relay.entries("wh-7") == journal_entries(one.journal)
    # Its name is its journal's from now on, whatever becomes of the link.
    assert syncd.stop() == 0
    one.kill()
    for gone in one.folder.glob("inbox.db*"):
        gone.unlink()
    one.restart()
    assert one.worker().sign_in().work("receive").receive("L2") == "received"


def test_an_appliance_that_waits_for_its_name_ends_when_told(build, site):
    one = site(site={"tenant": ""})
    opening = threading.Thread(target=lambda: pytest.raises(Exception, one.open, "dock"))
    opening.start()
    wait_for(lambda: (one.folder / "stationd.log").exists()
             and "waits for enrolment" in (one.folder / "stationd.log").read_text())
    one.stationd.process.terminate()
    assert one.stationd.process.wait(WAIT_S) == 0
    opening.join(2 * WAIT_S)
    one.stationd = None


@pytest.mark.parametrize("words, says", [
    (["claim"], "CODE URL"), (["claim", "a b", "https://x"], None),
    (["claim", "K1", "ftp://x"], "https://"), (["claim", "", "https://x"], "code"),
    (["claim", "x" * 65, "https://x"], "code")])
def test_a_claim_that_makes_no_sense_is_refused(build, tmp_path, words, says):
    done = subprocess.run([build / "firmware/ctl/vyaparctl", *words, *([tmp_path] if len(words) > 1
                                                                        else [])],
                          capture_output=True, text=True, check=False)
    if says:
        assert done.returncode == 2 and says in done.stderr
    else:
        assert done.returncode == 0  # a code may hold a blank
    assert says is None or not (tmp_path / "identity").exists()
