# SPDX-License-Identifier: Apache-2.0
"""Documents that are too large for messages: real libcurl against the real API of relayd, over TLS,
through a wire that breaks."""

import json
import random
import string
import subprocess

import pytest
import requests

import site_under_test
from site_under_test import WAIT_S, wait_for
from sync_under_test import TENANT, Relay, Syncd, rows_of
from tcp_link import TcpLink

LARGE = 2 << 20
MIDDLE = 200 << 10  # packed: above 64 kB, which is fetched; below 128 kB, which messages can carry
CHUNK = 8192


def catalogue(size, seed):
    """One of so many bytes that no packing halves twice."""
    chance = random.Random(seed)
    base = (site_under_test.MASTER / "catalogue.csv").read_text().rstrip("\n")
    columns = base.splitlines()[0].split(",")
    rows, total = [base], len(base)
    while total < size:
        name = "".join(chance.choices(string.ascii_letters + string.digits, k=90))
        row = dict.fromkeys(columns, "") | {
            "sku": f"X{len(rows):06}", "name": name, "unit": "piece", "expiry_kind": "best_before",
            "shelf_life_days": "180", "outlet_days": "30", "cost": "7.00", "price": "8.00",
            "mrp": "10.00", "piece_units": "1"}
        rows.append(",".join(row[c] for c in columns))
        total += len(rows[-1]) + 1
    return "\n".join(rows) + "\n"


@pytest.fixture
def relay(build, tmp_path):
    made = Relay(build, tmp_path / "relay", relay__role="ingest,api")
    made.relayd.start()
    made.link = TcpLink(made.api_port)
    made.publish("catalogue", (site_under_test.MASTER / "catalogue.csv").read_text())  # as on site
    yield made
    made.link.end()
    made.end()


@pytest.fixture
def ship(build, relay):
    made = []

    def start(one, url=None, **settings):
        identity = relay.authority.device(f"{TENANT}.wh-1", one.folder / "identity")
        syncd = Syncd(build, one.folder, relay.broker.address, relay.add_device("wh-1"),
                      relay__url=f"https://127.0.0.1:{relay.link.port}" if url is None else url,
                      relay__ca=identity / "ca.pem", **settings)
        made.append(syncd)
        return syncd.start()

    yield start
    for syncd in made:
        if syncd.running():
            assert syncd.stop() == 0, syncd.said()


def in_force(one, version):
    """Waits for the site's journal to say that this version of the catalogue took effect."""
    wait_for(lambda: [e for e in one.entries("applied")
                      if e["document"] == "catalogue" and e["line"] == version],
             timeout=4 * WAIT_S)


def part_of(one):
    rows = rows_of(one.folder / "inbox.db", "SELECT got, total FROM part")
    return rows[0] if rows else (0, 0)


def opened(one):
    return (one.folder / "inbox.db").exists()


def test_a_large_catalogue_comes_over_a_wire_that_breaks_in_the_middle(site, relay, ship):
    one = site(site={"tenant": TENANT, "device": "wh-1"}).open("dock")
    text = catalogue(LARGE, 1)
    relay.publish("catalogue", text)
    relay.link.left = 200_000
    syncd = ship(one)
    wait_for(lambda: relay.link.cuts >= 1 and opened(one) and part_of(one)[0] > 10 * CHUNK)
    wait_for(lambda: relay.link.cuts >= 3)  # it tries, and nothing passes
    got, total = part_of(one)
    assert got < 200_000 < total
    syncd.kill()  # what is kept outlives it
    relay.link.down = 0
    relay.link.left = None
    syncd.start()
    in_force(one, 2)
    assert relay.link.down < total - got + 40_000  # the rest, and what TLS costs
    stored = rows_of(one.folder / "inbox.db", "SELECT CAST(body AS TEXT) FROM document"
                     " WHERE type = 'catalogue'")
    assert stored == [(text,)]


def test_a_later_version_of_it_comes_as_a_delta_in_messages(site, relay, ship):
    one = site(site={"tenant": TENANT, "device": "wh-1"}).open("dock")
    text = catalogue(LARGE, 1)
    relay.publish("catalogue", text)
    ship(one)
    in_force(one, 2)
    connections = relay.link.connections
    assert connections >= 1
    relay.publish("catalogue", text.replace("Assam Tea 250 g", "Assam Tea 0.25 kg"))
    in_force(one, 3)
    assert relay.link.connections == connections  # nothing was fetched for it


def test_above_64_kb_it_is_fetched_and_without_https_messages_carry_it(site, relay, ship):
    relay.publish("catalogue", catalogue(MIDDLE, 2))
    one = site(site={"tenant": TENANT, "device": "wh-1"}).open("dock")
    syncd = ship(one)
    in_force(one, 2)
    assert relay.link.down > 64 << 10
    assert syncd.stop() == 0
    relay.link.end()  # nothing gets through any more
    relay.publish("catalogue", catalogue(MIDDLE, 3))
    syncd.start()
    in_force(one, 3)
    assert "broken off" in syncd.said()


def test_an_appliance_that_knows_no_url_is_offered_nothing(site, relay, ship):
    relay.publish("catalogue", catalogue(MIDDLE, 4))
    one = site(site={"tenant": TENANT, "device": "wh-1"}).open("dock")
    ship(one, url="")
    in_force(one, 2)
    assert relay.link.connections == 0


def test_only_the_ticket_of_an_appliance_opens_its_document(build, site, relay, ship, tmp_path):
    """Tickets come to their device alone; changed, foreign and revoked ones open nothing."""
    relay.publish("catalogue", catalogue(LARGE, 5))
    one = site(site={"tenant": TENANT, "device": "wh-1"}).open("dock")
    heard = listen(build, relay, tmp_path)
    syncd = ship(one)
    in_force(one, 2)
    ticket = heard()
    url = f"https://127.0.0.1:{relay.api_port}/sync/v1/document"

    def ask(bearer, first="bytes=0-"):
        headers = {"Authorization": f"Bearer {bearer}"} | ({"Range": first} if first else {})
        return requests.get(url, headers=headers, timeout=WAIT_S, verify=relay.api / "ca.pem")

    whole = ask(ticket)
    assert whole.status_code == 206
    assert whole.headers["Content-Range"] == f"bytes 0-{len(whole.content) - 1}/{len(whole.content)}"
    rest = ask(ticket, f"bytes={CHUNK}-")
    assert rest.status_code == 206 and rest.content == whole.content[CHUNK:]
    assert ask(ticket, f"bytes={len(whole.content)}-").status_code == 416
    assert ask(ticket, "bytes=-5").status_code == 400
    assert ask(ticket, None).status_code == 400
    fields = ticket.split(":")
    for field, other in ((1, "zeta"), (2, "wh-2"), (3, "workers"), (4, "3"), (5, "9999999999"),
                         (6, fields[6][:-1] + ("0" if fields[6][-1] != "0" else "1"))):
        changed = fields[:field] + [other] + fields[field + 1:]
        assert ask(":".join(changed)).status_code == 401, field
    for nothing in ("", "x", ticket[:-1], ticket + "0"):
        assert ask(nothing).status_code == 401
    assert syncd.stop() == 0
    assert ticket not in relay.relayd.said() and ticket not in syncd.said()
    relay.ctl("device", "revoke", TENANT, "wh-1")
    assert ask(ticket).status_code == 403


def listen(build, relay, tmp_path):
    """The ticket that the broker gave the device: heard by the relay's own name, which may read all.
    Waits for it."""
    identity = relay.authority.device(f"{TENANT}.wh-1", tmp_path / "ear")
    port = relay.broker.address.rsplit(":", 1)[1]
    ear = subprocess.Popen(
        ["mosquitto_sub", "-V", "5", "-h", "127.0.0.1", "-p", port, "-i", "ear", "--cafile",
         identity / "ca.pem", "--cert", identity / "certificate.pem", "--key",
         identity / "key.pem", "-t", f"d/{TENANT}.wh-1/c"],
        stdout=subprocess.PIPE, text=True)

    def heard():
        with ear:
            for line in ear.stdout:
                message = json.loads(line)
                if message["m"] == "fetch":
                    ear.kill()
                    return message["ticket"]
        raise AssertionError("no fetch was offered")

    return heard
