# SPDX-License-Identifier: Apache-2.0
"""Journals reach the relay exactly once: real broker with TLS, real relayd on both stores, whoever
dies meanwhile; and nobody's rows are another's."""

import random

import pytest
from relay_under_test import Postgres, Relay, wait_for

ENTRIES = 3000


@pytest.fixture(scope="module")
def postgres():
    server = Postgres()
    yield server
    server.end()


@pytest.fixture(params=["sqlite", "postgres"])
def relay(request, build, tmp_path):
    if request.param == "sqlite":
        made = Relay(build, tmp_path, f"sqlite:{tmp_path}/store")
    else:
        server = request.getfixturevalue("postgres")
        if not server.address:
            pytest.skip("no PostgreSQL here")
        made = Relay(build, tmp_path, server.address, server.owner)
        made.postgres = server
    made.prefix = f"t{random.randrange(10**9)}"
    yield made
    made.abandon()


def whole(relay, tenant, wanted):
    """All that was sent is stored, each chain holds, the archive has every row as well, and the
    projections follow from the rows."""
    assert relay.stored(tenant) == wanted
    for row in relay.table("store", "verify", tenant):
        assert row["chain"] == "holds" and int(row["wm"]) == wanted[row["device"]]
    for row in relay.table("store", "compare", tenant):
        assert int(row["archived"]) == wanted[row["device"]] and row["differing"] == "0"
    before = relay.ctl("store", "digest", tenant)
    relay.ctl("store", "rebuild", tenant)
    assert relay.ctl("store", "digest", tenant) == before


def acked(peer):
    """What the relay has told an appliance that it holds."""
    return max([int(line.split()[1]) for line in peer.lines
                if line.startswith(("acked", "resume", "done"))], default=0)


def test_what_is_sent_is_stored_and_acknowledged(relay):
    tenant = relay.prefix
    shards = relay.tenant(tenant, ["wh-1", "wh-2", "wh-3"])
    relay.start()
    older = {"wh-3": ["--wire", 1]}  # an appliance of an older release beside the others
    peers = [relay.peer(tenant, d, shards[d], *older.get(d, []), seed=i, entries=ENTRIES)
             for i, d in enumerate(shards)]
    lines = {d: p.end()[-1].split() for d, p in zip(shards, peers)}
    assert all(line[:2] == ["done", str(ENTRIES)] for line in lines.values())
    assert int(lines["wh-1"][3]) < int(lines["wh-3"][3])  # bytes: the others have a better wire
    whole(relay, tenant, dict.fromkeys(shards, ENTRIES))
    relay.stop()


def early(relay, tenant):
    """How many entries the relay keeps ahead of their turn, of each appliance."""
    return {row["device"]: int(row["early"]) for row in relay.table("device", "list", tenant)}


def test_what_needs_a_decision_is_known_before_the_backlog_and_stored_in_its_turn(relay):
    """The appliance dies between its notice and its first batch: the relay knows of the entry, which
    no watermark covers, and nothing of it is in the journal. Then all comes, and the copy is gone."""
    tenant = relay.prefix
    shards = relay.tenant(tenant, ["wh-1"])
    relay.start()
    told = relay.peer(tenant, "wh-1", shards["wh-1"], "--alert-at", ENTRIES - 100, "--until-told", 1,
                      entries=ENTRIES)
    assert told.end()[-2:] == [f"notice {ENTRIES - 100}", "told"]
    wait_for(lambda: early(relay, tenant) == {"wh-1": 1}, "the entry ahead of its turn")
    assert relay.stored(tenant) == {"wh-1": 0}
    relay.kill()  # what is kept ahead outlives the relay
    relay.start()
    assert early(relay, tenant) == {"wh-1": 1}
    done = relay.peer(tenant, "wh-1", shards["wh-1"], "--alert-at", ENTRIES - 100, boot=2,
                      entries=ENTRIES)
    assert f"notice {ENTRIES - 100}" in done.end()  # a new session tells it again
    whole(relay, tenant, {"wh-1": ENTRIES})
    assert early(relay, tenant) == {"wh-1": 0}
    relay.stop()


def test_an_appliance_that_knows_no_second_lane_is_served_as_before(relay):
    tenant = relay.prefix
    shards = relay.tenant(tenant, ["wh-1", "wh-2"])
    relay.start()
    older = relay.peer(tenant, "wh-1", shards["wh-1"], "--alert-at", ENTRIES - 1, "--wire", 1,
                       entries=ENTRIES)
    newer = relay.peer(tenant, "wh-2", shards["wh-2"], "--alert-at", ENTRIES - 1, entries=ENTRIES)
    assert not any(line.startswith("notice") for line in older.end())
    assert f"notice {ENTRIES - 1}" in newer.end()
    whole(relay, tenant, dict.fromkeys(shards, ENTRIES))
    assert early(relay, tenant) == dict.fromkeys(shards, 0)
    relay.stop()


def test_what_comes_otherwise_than_it_was_told_is_set_aside_and_the_journal_goes_on(relay):
    tenant = relay.prefix
    shards = relay.tenant(tenant, ["wh-1"])
    relay.start()
    relay.peer(tenant, "wh-1", shards["wh-1"], "--alert-at", 2500, "--until-told", 1, seed=5,
               entries=ENTRIES).end()
    wait_for(lambda: early(relay, tenant) == {"wh-1": 1}, "the entry ahead of its turn")
    relay.peer(tenant, "wh-1", shards["wh-1"], boot=2, seed=6, entries=ENTRIES).end()
    whole(relay, tenant, {"wh-1": ENTRIES})
    said = (relay.folder / "relayd.log").read_text()
    assert said.count("entry 2500 of epoch 1 is not what was told ahead of it") == 1
    assert early(relay, tenant) == {"wh-1": 0}
    relay.stop()


def test_nothing_is_lost_or_doubled_whoever_is_killed(relay):
    """kill -9 of relay, broker and appliance in the middle, again and again."""
    tenant = relay.prefix
    shards = relay.tenant(tenant, ["wh-1", "wh-2"])
    relay.start()
    entries = 20000
    peers = {d: relay.peer(tenant, d, shards[d], seed=7, entries=entries) for d in shards}
    for life in range(2, 6):
        so_far = {d: acked(p) for d, p in peers.items()}
        wait_for(lambda: all(acked(p) >= min(so_far[d] + 500, entries)
                             for d, p in peers.items()), "progress")
        relay.kill()
        if life % 2:
            relay.kill_broker()
            relay.start_broker()
        told = acked(peers["wh-1"])
        peers["wh-1"].kill()
        # What was acknowledged is there, whatever else is.
        assert relay.stored(tenant)["wh-1"] >= told
        peers["wh-1"] = relay.peer(tenant, "wh-1", shards["wh-1"], seed=7, boot=life,
                                   entries=entries)
        if life % 2 and hasattr(relay, "postgres"):
            relay.postgres.restart()
        relay.start()
        if acked(peers["wh-2"]) >= entries:
            break
    for p in peers.values():
        assert p.end()[-1].startswith(f"done {entries} ")
    whole(relay, tenant, dict.fromkeys(shards, entries))
    relay.stop()


def test_a_cloned_card_is_found_out_and_changes_nothing(relay):
    tenant = relay.prefix
    shards = relay.tenant(tenant, ["wh-1"])
    relay.start()
    relay.peer(tenant, "wh-1", shards["wh-1"], entries=500).end()
    digest = relay.ctl("store", "digest", tenant)
    clone = relay.peer(tenant, "wh-1", shards["wh-1"], "--fork-at", 300, boot=2, entries=600)
    wait_for(lambda: any(line == "nack fork 500" for line in clone.lines), "the fork")
    clone.kill()
    assert relay.stored(tenant) == {"wh-1": 500}
    assert relay.ctl("store", "digest", tenant) == digest
    assert relay.table("device", "list", tenant)[0]["fork_seq"] == "501"
    relay.ctl("device", "release", tenant, "wh-1")
    relay.peer(tenant, "wh-1", shards["wh-1"], boot=3, entries=600).end()
    whole(relay, tenant, {"wh-1": 600})
    relay.stop()


def test_one_distributor_never_reaches_another(relay):
    """With a good certificate of its own, an appliance names others in topics and payloads."""
    ours, theirs = relay.prefix, relay.prefix + "x"
    our_shards = relay.tenant(ours, ["wh-1", "wh-2"])
    their_shards = relay.tenant(theirs, ["wh-1"])
    relay.start()
    relay.peer(ours, "wh-1", our_shards["wh-1"], entries=300).end()
    digest = relay.ctl("store", "digest", ours)
    for claim in (f"{ours}.wh-1", f"{ours}.wh-2", "nobody.wh-1"):
        liar = relay.peer(theirs, "wh-1", their_shards["wh-1"], "--claim", claim, entries=100)
        log = relay.folder / "relayd.log"
        wait_for(lambda: f"the payload of {claim}" in log.read_text(), "the claim to be refused")
        liar.kill()
        assert not any(line.startswith(("resume", "acked")) for line in liar.lines)
    thief = relay.peer(ours, "wh-1", our_shards["wh-1"], boot=2, entries=400)
    thief.end()  # the rightful one still can
    relay.peer(theirs, "wh-1", their_shards["wh-1"], entries=100).end()
    assert relay.stored(ours) == {"wh-1": 400, "wh-2": 0}
    assert relay.stored(theirs) == {"wh-1": 100}
    assert relay.ctl("store", "digest", ours) != digest
    relay.stop()


def test_two_relays_share_the_work_and_take_over(relay):
    """One that dies is followed by the other; nothing is stored twice."""
    tenant = relay.prefix
    shards = relay.tenant(tenant, ["wh-1"])
    relay.certificates.make("relay2")
    relay.start()
    first = relay.daemon
    log = relay.folder / "relayd.log"
    wait_for(lambda: "serving: tenant=" + tenant in log.read_text(), "the first to serve")
    tls = relay.certificates.folder
    acl = relay.folder / "acl"
    acl.write_text(acl.read_text() + "\nuser relay2\ntopic read u/#\ntopic write d/#\n")
    relay.broker.run.send_signal(1)  # reads its rules of access again
    relay.start("--set", "mqtt.name=relay2", "--set", f"mqtt.certificate={tls}/relay2.pem", "--set",
                f"mqtt.key={tls}/relay2.key")
    peer = relay.peer(tenant, "wh-1", shards["wh-1"], entries=20000)
    wait_for(lambda: acked(peer) >= 1000, "progress")
    first.kill()
    assert peer.end()[-1].startswith("done 20000 ")
    whole(relay, tenant, {"wh-1": 20000})
    relay.stop()


def test_an_appliance_deletes_only_what_a_verified_backup_holds(relay, tmp_path):
    if relay.store != relay.owner:
        pytest.skip("a copy of the file is SQLite's backup")
    tenant = relay.prefix
    shards = relay.tenant(tenant, ["wh-1"])
    relay.start()
    relay.peer(tenant, "wh-1", shards["wh-1"], entries=200).end()
    relay.stop()
    backup = tmp_path / "backup"
    backup.mkdir()
    for file in (tmp_path / "store").glob(f"{tenant}.db*"):
        (backup / file.name).write_bytes(file.read_bytes())
    relay.start()
    first = relay.peer(tenant, "wh-1", shards["wh-1"], boot=2, entries=250)
    assert "resume 200 safe 0 want 0" in first.end()
    assert "wh-1,1,200" in relay.ctl("store", "secured", tenant, f"sqlite:{backup}")
    second = relay.peer(tenant, "wh-1", shards["wh-1"], boot=3, entries=300)
    assert "resume 250 safe 200 want 0" in second.end()
    relay.stop()
