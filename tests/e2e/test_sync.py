# SPDX-License-Identifier: Apache-2.0
"""The link: real mosquitto, relayd, stationd and syncd. What happened at a site is at the relay
exactly once and in order, whatever is killed; what the relay wants is in force at the site."""

import contextlib
import hashlib
import random
import shutil
import sqlite3
import subprocess
import time

import pytest

from mqtt_raw import Client
from site_under_test import WAIT_S, orders, wait_for
from sync_under_test import TENANT, Relay, Syncd, journal_entries, mosquitto, rows_of, wait_sync

SEED = 11


@pytest.fixture
def relay(build, tmp_path):
    for program in ("cloud-relay/relayd", "sync/syncd"):
        if not (build / program).exists():
            pytest.skip(f"{program} is not built")
    made = Relay(build, tmp_path / "relay", relay__role="ingest,agents")
    made.relayd.start()
    yield made
    made.end()


@pytest.fixture
def ship(build, relay):
    """ship(site, device): a syncd that is enrolled by hand."""
    made = []

    def start(one, device="wh-1", **settings):
        relay.authority.device(f"{TENANT}.{device}", one.folder / "identity")
        syncd = Syncd(build, one.folder, relay.broker.address, relay.add_device(device), **settings)
        made.append(syncd)
        return syncd.start()

    yield start
    for syncd in made:
        if syncd.running():
            syncd.kill()


def all_stored(relay, one, device="wh-1"):
    """Waits until the relay has what the journal has, and looks at every byte of it."""
    def same():
        mine = journal_entries(one.journal)
        return relay.stored(device) == len(mine) and mine
    mine = wait_for(same, timeout=4 * WAIT_S)
    assert [seq for seq, _ in mine] == list(range(1, len(mine) + 1))
    assert relay.entries(device) == mine
    relay.verify()
    return len(mine)


def test_entries_are_at_the_relay_and_the_screen_says_so(site, relay, ship):
    one = site(site={"tenant": TENANT}).open("dock")
    ship(one)
    dock = one.worker().sign_in().work("receive")
    for k in range(12):
        dock.receive(f"L{k}")
    all_stored(relay, one)
    said = wait_sync(one, lambda s: s["state"] == "synced" and s["queued"] == 0)
    assert said["trouble"] is None and said["oldest_ms"] is None
    assert said["acked_ms"] and said["connected_ms"]


def test_whatever_is_killed_each_entry_arrives_once_and_in_order(site, relay, ship):
    chance = random.Random(SEED)
    one = site(site={"tenant": TENANT}).open("dock")
    syncd = ship(one)
    dock = one.worker().sign_in().work("receive")
    for k in range(30):
        dock.receive(f"K{k}")
        what = chance.randrange(8)
        if what == 0:
            syncd.kill()
            syncd.start()
        elif what == 1:
            relay.broker.kill()
            relay.broker.start()
        elif what == 2:
            relay.relayd.kill()
            relay.relayd.start()
        elif what == 3:
            dock.screen.close()
            one.kill()
            one.restart()
            dock = one.worker().sign_in().work("receive")
    all_stored(relay, one)


def test_a_document_comes_down_takes_effect_and_says_so_going_up(site, relay, ship):
    one = site(site={"tenant": TENANT}).open("dock")
    ship(one)
    relay.publish("orders", orders(("SO-77", "sale", 1, "OUT-002", "UHT-1L", 3)), "wh-1")
    applied = wait_for(lambda: [e for e in one.entries("applied") if e["document"] == "orders"])
    assert applied[0]["line"] == 1
    text = orders(("SO-77", "sale", 1, "OUT-002", "UHT-1L", 3),
                  *[(f"SO-{k}", "sale", 1, "OUT-002", "UHT-1L", 1) for k in range(100, 400)])
    relay.publish("orders", text, "wh-1")  # comes in pieces, as a delta or whole
    wait_for(lambda: [e for e in one.entries("applied")
                      if e["document"] == "orders" and e["line"] == 2])
    all_stored(relay, one)
    dock = one.worker().sign_in()
    for document in ("SO-77", "SO-399"):
        assert dock.scan(f"VD*{document}") == "document_open"
        dock.key("flow:home")


def test_a_document_that_is_wrong_leaves_the_old_one_and_the_screen_says_why(site, relay, ship):
    one = site(site={"tenant": TENANT}).open("dock")
    ship(one)
    wait_sync(one, lambda s: s["state"] == "synced")
    inbox = sqlite3.connect(one.folder / "inbox.db", timeout=30)
    with inbox:  # as if an older relay had let it through
        inbox.execute("INSERT INTO document VALUES('orders', 9, zeroblob(32), 'x')")
    inbox.close()
    refused = wait_for(lambda: [e for e in one.entries("refused") if e["document"] == "orders"])
    assert (refused[0]["reason"], refused[0]["line"]) == ("document", 9)
    assert "damaged" in refused[0]["note"]  # its digest does not hold
    dock = one.worker().sign_in().work("receive")
    assert dock.receive("L1") == "received"
    all_stored(relay, one)


def test_nobody_publishes_or_reads_for_another_one(relay, tmp_path):
    mine = relay.authority.device(f"{TENANT}.wh-1", tmp_path / "mine")
    relay.authority.device("other.wh-1", tmp_path / "other")
    allowed = [f"u/0/{TENANT}.wh-1/h", f"p/{TENANT}.wh-1"]
    forbidden = ["u/0/other.wh-1/h", f"u/0/{TENANT}.wh-2/e", f"d/{TENANT}.wh-1/c", "d/other.wh-1/c",
                 "p/other.wh-1", "x"]
    for topic in allowed + forbidden:
        _, said = mosquitto("mosquitto_pub", mine, relay.broker, "-q", "1", "-d", "-t", topic, "-m",
                            "x")
        assert ("RC:135" in said) == (topic in forbidden), (topic, said)
    listener = Client(relay.broker.port, mine, f"{TENANT}.wh-1")
    for topic in ("d/other.wh-1/#", "u/#", f"d/{TENANT}.wh-1/#"):
        listener.subscribe(topic)
    relay.relayd.stop()  # its name is free for us
    for topic in ("d/other.wh-1/c", f"d/{TENANT}.wh-1/c"):
        mosquitto("mosquitto_pub", relay.folder / "identity", relay.broker, "-i", "relay", "-q", "1",
                  "-t", topic, "-m", "word")
    before = listener.wait(f"d/{TENANT}.wh-1/c", b"word")
    assert [topic for topic, _, _ in before if not topic.startswith(f"d/{TENANT}.wh-1/")] == []
    listener.vanish()


def test_a_withdrawn_certificate_is_turned_away_and_the_floor_works_on(site, relay, ship):
    one = site(site={"tenant": TENANT}).open("dock")
    syncd = ship(one)
    wait_sync(one, lambda s: s["state"] == "synced")
    relay.authority.revoke(one.folder / "identity" / "certificate.pem")
    relay.broker.kill()
    relay.broker.start()
    said = wait_sync(one, lambda s: s["trouble"] is not None)
    assert said["trouble"] in ("certificate", "lost", "no_broker"), said
    dock = one.worker().sign_in().work("receive")
    assert dock.receive("L1") == "received"
    assert wait_sync(one, lambda s: s["queued"] > 0)["oldest_ms"]
    assert syncd.running()


def test_the_first_boot_needs_no_cloud(site, build):
    one = site(site={"tenant": TENANT})
    syncd = Syncd(build, one.folder, "127.0.0.1:1").start()  # before there is a journal
    try:
        wait_for(lambda: (one.folder / "inbox.db").exists())
        one.open("dock")
        dock = one.worker().sign_in().work("receive")
        assert dock.receive("L1") == "received"
        assert wait_sync(one, lambda s: s["state"] == "unclaimed")["queued"] > 0
        assert (one.folder / "identity" / "key.pem").stat().st_mode & 0o777 == 0o600
    finally:
        assert syncd.stop() == 0, syncd.said()


def test_work_without_a_link_arrives_when_it_comes(site, relay, build):
    one = site(site={"tenant": TENANT}).open("dock")
    shard = relay.add_device("wh-1")
    relay.authority.device(f"{TENANT}.wh-1", one.folder / "identity")
    relay.broker.kill()
    syncd = Syncd(build, one.folder, relay.broker.address, shard).start()
    try:
        dock = one.worker().sign_in().work("receive")
        for k in range(20):
            dock.receive(f"W{k}")
        said = wait_sync(one, lambda s: s["trouble"] == "no_broker")
        assert said["queued"] >= 20
        relay.broker.start()
        all_stored(relay, one)
    finally:
        assert syncd.stop() == 0, syncd.said()


def test_a_relay_that_comes_back_from_a_backup_is_filled_again(site, relay, ship):
    one = site(site={"tenant": TENANT}).open("dock")
    syncd = ship(one)
    dock = one.worker().sign_in().work("receive")
    dock.receive("L1")
    all_stored(relay, one)
    relay.relayd.stop()
    shutil.copytree(relay.folder / "store", relay.folder / "backup")
    relay.relayd.start()
    for k in range(8):
        dock.receive(f"M{k}")
    all_stored(relay, one)
    relay.relayd.stop()
    shutil.rmtree(relay.folder / "store")
    (relay.folder / "backup").rename(relay.folder / "store")
    relay.relayd.start()
    syncd.kill()  # it greets anew: an idle link would do so within hours
    syncd.start()
    all_stored(relay, one)


def test_the_memory_of_syncd_does_not_grow_with_the_backlog(site, relay, ship):
    one = site(site={"tenant": TENANT}).open("dock")
    relay.broker.kill()
    syncd = ship(one)
    dock = one.worker().sign_in().work("receive")
    for k in range(150):
        dock.receive(f"B{k}")
    before = syncd.rss_kb()
    relay.broker.start()
    all_stored(relay, one)
    assert syncd.rss_kb() < before + 8192, (before, syncd.rss_kb())


def test_one_folder_has_one_syncd(site, build):
    one = site(site={"tenant": TENANT})
    first = Syncd(build, one.folder).start()
    wait_for(lambda: "syncd: life 1" in first.said())
    second = Syncd(build, one.folder).start()
    assert second.process.wait(WAIT_S) == 1
    assert "another one of this daemon works here" in first.said()  # they share the log
    assert first.stop() == 0


def test_the_configuration_is_its_own_manual(build):
    done = subprocess.run([build / "sync" / "syncd", "--print-config"], capture_output=True,
                          text=True, check=True)
    for key in ("folder", "url", "claim", "brokers", "flush_ms", "keepalive_s", "wire"):
        assert f"\n{key} = " in done.stdout, key
    wrong = subprocess.run([build / "sync" / "syncd", "--set", "link.wire=xml"],
                           capture_output=True, text=True, check=False)
    assert wrong.returncode == 1 and "zstd, columns, json" in wrong.stderr


def test_a_refused_document_is_journalled_once_and_the_relay_alerts_once(site, relay, ship):
    """Also behind a restart of either daemon; and what was refused for want of another document is
    right when that has come."""
    one = site(site={"tenant": TENANT}).open("dock")
    syncd = ship(one)
    wait_sync(one, lambda s: s["state"] == "synced")
    # One that a relay of another release may let through.
    body = b"document,kind,line,party,sku,qty,due\nSO-1,sale,1,OUT-002,NOBODY,3,never\n"
    relay.relayd.stop()
    with contextlib.closing(sqlite3.connect(relay.folder / "store" / f"{TENANT}.db")) as store, store:
        store.execute("INSERT INTO document(tenant, scope, type, version, sha256, made_ms, made_by,"
                      " bytes, body) VALUES(?, 'wh-1', 'orders', 9, ?, 1, 'test', ?, ?)",
                      (TENANT, hashlib.sha256(body).digest(), len(body), body))
    relay.relayd.start()
    syncd.kill()
    syncd.start()
    refused = wait_for(lambda: [e for e in one.entries("refused") if e["document"] == "orders"])
    assert refused[0]["line"] == 9 and "line 2" in refused[0]["note"]
    assert wait_sync(one, lambda s: s["refused"])["refused"].startswith("orders 9, line 2")
    all_stored(relay, one)
    alerts = wait_for(lambda: rows_of(relay.folder / "store" / f"{TENANT}.db", "SELECT alert_id, message"
                                      " FROM alert WHERE type = 'document_refused'"))
    assert alerts[0][0] == "document_refused:nagpur::wh-1:orders:9"
    assert "line 2" in alerts[0][1] and "wh-1 did not take orders 9" in alerts[0][1]
    one.kill()  # it will be refused again, in another life
    one.restart()
    wait_for(lambda: len([e for e in one.entries("refused") if e["document"] == "orders"]) == 2)
    all_stored(relay, one)
    relay.publish("orders", orders(("SO-2", "sale", 1, "OUT-002", "UHT-1L", 3)), "wh-1")
    wait_for(lambda: [e for e in one.entries("applied") if e["document"] == "orders"])
    assert wait_sync(one, lambda s: not s["refused"])
    all_stored(relay, one)
    assert len(rows_of(relay.folder / "store" / f"{TENANT}.db",
                       "SELECT alert_id FROM alert WHERE type = 'document_refused'")) == 1


def answers(one):
    return {e["document"]: (e["reason"], e["note"]) for e in one.entries("task_done")
            if e["document"].startswith("cmd-")}


def test_a_command_is_done_once_and_answered_up(site, relay, ship):
    """Whatever is killed in between; one that came too late or that nobody knows is answered too."""
    now = int(time.time() * 1000)
    one = site(site={"tenant": TENANT}, clock="system").open("dock")
    syncd = ship(one)
    wait_sync(one, lambda s: s["state"] == "synced")
    assert relay.ctl("command", "add", TENANT, "wh-1", "rescore") == "command=1\n"
    wait_for(lambda: "cmd-1" in answers(one))
    relay.ctl("command", "add", TENANT, "wh-1", "brew-tea")
    wait_for(lambda: answers(one).get("cmd-2") == ("unknown", "brew-tea"))
    syncd.kill()
    relay.relayd.kill()
    relay.relayd.start()
    syncd.start()
    relay.ctl("command", "add", TENANT, "wh-1", "restart")
    assert one.stationd.process.wait(WAIT_S) == 0  # its supervisor starts it anew
    one.stationd.process = None
    one.restart()
    wait_for(lambda: answers(one).get("cmd-3") == ("done", "restart"))
    all_stored(relay, one)
    listed = relay.ctl("command", "list", TENANT).splitlines()
    assert [line.split(",")[0:3:2] + line.split(",")[4:] for line in listed[1:]] == [
        ["1", "rescore", "done"], ["2", "brew-tea", "unknown"], ["3", "restart", "done"]]
    # Said again by a relay that lost the answer, it is not done again.
    inbox = sqlite3.connect(one.folder / "inbox.db", timeout=30)
    with inbox:
        inbox.execute("INSERT INTO command VALUES(4, ?, 'unlock')", (now - 1,))
        inbox.execute("UPDATE command SET expires_ms = expires_ms + 1 WHERE id = 3")
    inbox.close()
    wait_for(lambda: answers(one).get("cmd-4") == ("expired", "unlock"))
    assert one.stationd.process.poll() is None
    assert len([e for e in one.entries("task_done") if e["document"] == "cmd-3"]) == 1
    with pytest.raises(AssertionError, match="no such appliance"):
        relay.ctl("command", "add", TENANT, "wh-99", "restart")


def test_wrong_pins_are_forgotten_at_the_relays_word(site, relay, ship):
    one = site(site={"tenant": TENANT}, floor={"pin_required": "true"}, clock="system").open("dock")
    ship(one)
    dock = one.worker()
    tries = 0
    while dock.scan("VW*asha") != "pin_wait":
        dock.key("pin:9999")
        tries += 1
        assert tries < 8
    relay.ctl("command", "add", TENANT, "wh-1", "unlock")
    wait_for(lambda: answers(one).get("cmd-1") == ("done", "unlock"))
    dock.sign_in()
