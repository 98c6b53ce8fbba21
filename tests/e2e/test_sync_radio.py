# SPDX-License-Identifier: Apache-2.0
"""The link on a network of the second generation: 32 kbit/s, 600 ms there and back, 5 % of packets
lost, and silences. syncd lives in a network namespace of its own; stationd, which speaks to no
network, beside it on the same folder. What happened at the site arrives, once; what the relay wants
comes down; and the bytes on the air, headers and repetitions included, have a bound."""

import time

import pytest

from radio_link import Forwarder, NotPermitted, Radio
from site_under_test import WAIT_S, milk, orders, wait_for
from sync_under_test import TENANT, Relay, Syncd, journal_entries, rows_of

SCANS = 300
PATIENCE_S = 8 * WAIT_S
# A backlog in batches of 64 costs some 15 B an entry; TLS with both chains some 8 kB a connection.
BYTES_A_SCAN = 120
BYTES_A_CONNECTION = 16_000
BYTES_OF_DOCUMENT = 60_000
BACKLOG = 700  # more than goes at once


@pytest.fixture
def radio():
    try:
        made = Radio()
    except NotPermitted as why:
        pytest.skip(f"no namespaces with a slow link here: {why}")
    yield made
    made.end()


@pytest.fixture
def relay(build, tmp_path):
    made = Relay(build, tmp_path / "relay", relay__role="ingest,agents")
    made.relayd.start()
    yield made
    made.end()


@pytest.fixture
def far(build, relay, radio):
    """A syncd at the far end of the radio."""
    # The broker's certificate names the near end; the forwarder carries from there to loopback.
    relay.broker.kill()
    relay.authority.server("broker", relay.broker.folder, "localhost", "127.0.0.1", radio.address)
    relay.broker.start()
    wire = Forwarder(radio.address, relay.broker.port, radio.delay_s)
    made = []

    def start(one, **settings):
        relay.authority.device(f"{TENANT}.wh-1", one.folder / "identity")
        syncd = Syncd(build, one.folder, f"{radio.address}:{relay.broker.port}",
                      relay.add_device("wh-1"), **{"link__keepalive_s": 30} | settings)
        syncd.command = radio.prefix + syncd.command
        made.append(syncd)
        return syncd.start()

    yield start
    for syncd in made:
        if syncd.running():
            syncd.kill()
    wire.end()


def fall_silent(radio, packets):
    """A silence that so many packets have run into."""
    before = radio.silenced()
    radio.silence()
    wait_for(lambda: radio.silenced() - before >= packets, timeout=PATIENCE_S)
    radio.speak()


def test_a_backlog_and_a_document_pass_a_slow_lossy_link_with_silences(site, relay, radio, far):
    one = site(site={"tenant": TENANT}).open("dock")
    dock = one.worker().sign_in().work("receive")
    for k in range(SCANS):
        dock.receive(f"R{k}")
    mine = journal_entries(one.journal)
    assert len(mine) >= SCANS
    syncd = far(one)
    wait_for(lambda: relay.watermark("wh-1") > 0, timeout=PATIENCE_S)
    fall_silent(radio, 3)
    text = orders(*[(f"SO-{k}", "sale", 1, "OUT-002", "UHT-1L", 1) for k in range(2000)])
    relay.publish("orders", text, "wh-1")
    wait_for(lambda: relay.watermark("wh-1") >= len(mine), timeout=PATIENCE_S)
    fall_silent(radio, 3)
    for k in range(5):  # the floor works on meanwhile
        dock.receive(f"S{k}")
    wait_for(lambda: [e for e in one.entries("applied") if e["document"] == "orders"],
             timeout=PATIENCE_S)
    wait_for(lambda: relay.watermark("wh-1") == len(journal_entries(one.journal)),
             timeout=PATIENCE_S)
    assert relay.entries("wh-1") == journal_entries(one.journal)  # each once, the same bytes
    relay.verify()
    up, down = radio.bytes()
    connections = syncd.said().count("link: up")
    print(f"radio ({radio.means}): {SCANS} scans, {up} bytes up, {down} down,"
          f" {connections} connections")
    assert up < SCANS * BYTES_A_SCAN + connections * BYTES_A_CONNECTION + BYTES_OF_DOCUMENT // 4
    assert down < SCANS * BYTES_A_SCAN + connections * BYTES_A_CONNECTION + BYTES_OF_DOCUMENT


def test_a_link_that_dies_in_mid_sentence_is_taken_up_again(site, relay, radio, far):
    """A silence longer than TCP's patience with a keepalive: the connection is given up, and a new
    one goes on at the watermark."""
    one = site(site={"tenant": TENANT}).open("dock")
    syncd = far(one, link__keepalive_s=10)
    dock = one.worker().sign_in().work("receive")
    dock.receive("L1")
    wait_for(lambda: relay.watermark("wh-1") == len(journal_entries(one.journal)),
             timeout=PATIENCE_S)
    radio.silence()
    for k in range(40):
        dock.receive(f"M{k}")
    wait_for(lambda: "link: down" in syncd.said(), timeout=PATIENCE_S)
    radio.speak()
    wait_for(lambda: relay.watermark("wh-1") == len(journal_entries(one.journal)),
             timeout=PATIENCE_S)
    assert relay.entries("wh-1") == journal_entries(one.journal)
    relay.verify()


def scan_backlog(one, packs):
    dock = one.worker().sign_in().work("receive")
    before = dock.screen.latest()["answers"]
    dock.scanner.burst([text for k in range(packs) for text in (milk(f"B{k}"), "VS*ok")])
    dock.see(lambda v: v["answers"] >= before + 2 * packs)


@pytest.mark.parametrize("behind", [512, 0], ids=["ahead of the backlog", "in its turn"])
def test_what_needs_a_decision_does_not_wait_behind_the_backlog(site, relay, radio, far, behind):
    """A document that the site refused, behind a day's scans without a line: the office is alerted
    while the backlog is still on its way; the same where nothing goes ahead, to compare."""
    one = site(site={"tenant": TENANT}).open("dock")
    scan_backlog(one, BACKLOG)
    one.lay("orders-9.csv", "document,kind,line,party,sku,qty,due\nSO-1,sale,1,OUT-002,NO,3,never\n")
    refused = wait_for(lambda: one.entries("refused"))[0]["seq"]
    store = relay.folder / "store" / f"{TENANT}.db"
    syncd = far(one, link__early_behind=behind)
    wait_for(lambda: "link: up" in syncd.said(), timeout=PATIENCE_S)
    began = time.monotonic()

    def alerts():
        return rows_of(store, "SELECT alert_id FROM alert WHERE type = 'document_refused'")

    if behind:  # it is there, and the line falls silent before the rest can be
        wait_for(lambda: rows_of(store, "SELECT seq FROM early WHERE seq = ?", refused),
                 timeout=PATIENCE_S)
        radio.silence()
        wait_for(alerts, timeout=PATIENCE_S)
        knew = time.monotonic() - began
        assert relay.watermark("wh-1") < refused
        radio.speak()
    else:
        wait_for(alerts, timeout=PATIENCE_S)
        knew = time.monotonic() - began
        assert relay.watermark("wh-1") >= refused
    wait_for(lambda: relay.watermark("wh-1") == len(journal_entries(one.journal)),
             timeout=PATIENCE_S)
    print(f"radio ({radio.means}): {refused} entries, the last needs a decision: known after"
          f" {knew:.1f} s, all stored after {time.monotonic() - began:.1f} s")
    assert relay.entries("wh-1") == journal_entries(one.journal)
    assert not rows_of(store, "SELECT seq FROM early")
    assert len(alerts()) == 1
    relay.verify()
