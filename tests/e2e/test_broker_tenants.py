# SPDX-License-Identifier: Apache-2.0
"""No appliance speaks or hears for another one: every topic that contract/topic.h knows, of every
other appliance, in every form that a filter can have, tried by each appliance at the real broker
with its real certificate. Then what a broker cannot see: messages in whose text another one is
named, at the real relayd."""

import itertools
import json
import re

import pytest

import broker as brokers
from mqtt_raw import NOT_AUTHORIZED, Client, Refused
from site_under_test import wait_for
from sync_under_test import SITES, Relay, rows_of

TOP = brokers.TOP
# Names that begin or end alike, the same device of two distributors, and the reverse.
DEVICES = ["acme.wh-1", "acme.wh-10", "blue.wh-1", "acme-b.wh-1", "wh-1.acme"]
SHARDS = [0, 17, 255]


def topics_of_the_contract():
    """(topic with SHARD and TENANT.DEVICE in it, its direction) as topic.h lists them."""
    header = (TOP / "sync/contract/topic.h").read_text()
    rows = re.findall(r"^ \*   ([a-z]/\S*TENANT\.DEVICE\S*) +(up|down|presence)", header, re.M)
    kinds = int(re.search(r"TOPIC_KIND_COUNT (\d+)", header)[1])
    assert len(rows) == kinds  # a new topic is listed, and tried here
    return rows


TOPICS = topics_of_the_contract()


def topics(device):
    """(topic, direction) of an appliance, in each shard."""
    for form, direction in TOPICS:
        for shard in SHARDS if "SHARD" in form else [0]:
            yield form.replace("SHARD", str(shard)).replace("TENANT.DEVICE", device), direction


def filters(topic):
    """Every filter that matches the topic by plus signs and a hash, shared ones too."""
    parts = topic.split("/")
    for marks in itertools.product((False, True), repeat=len(parts)):
        plus = ["+" if mark else part for mark, part in zip(marks, parts)]
        yield "/".join(plus)
        for end in range(len(parts)):
            yield "/".join(plus[:end] + ["#"])
    yield topic + "/#"


def all_filters():
    found = {f for device in DEVICES for topic, _ in topics(device) for f in filters(topic)}
    found |= {f"$share/{group}/{f}" for f in list(found) for group in ("g", "relay")
              if len(f) < 12 or "wh-10" in f}
    return sorted(found | {"$SYS/#", "$SYS/broker/clients/connected", "$SYS/+/+/#", "+/#", "$share/g/#",
                           "$CONTROL/#", "$CONTROL/dynamic-security/v1/response"})


@pytest.fixture(scope="module")
def ground(build, tmp_path_factory):
    """A broker, a relay's own identity, and one for each appliance."""
    folder = tmp_path_factory.mktemp("ground")
    authority = brokers.Authority(build / "firmware/ctl/vyaparctl", folder / "ca")
    names = {device: authority.device(device, folder / device) for device in DEVICES}
    names["relay"] = authority.relay("relay", folder / "relay")
    stranger = brokers.Authority(build / "firmware/ctl/vyaparctl", folder / "other-ca")
    names["stranger"] = stranger.device(DEVICES[0], folder / "stranger")
    broker = brokers.Broker(authority, folder / "broker")
    yield broker.port, names, authority, folder
    broker.kill()


def mine(topic, device):
    """What the appliance may write."""
    return any(topic == own and direction != "down" for own, direction in topics(device))


@pytest.mark.parametrize("device", DEVICES)
def test_nobody_publishes_for_another_or_against_the_direction(ground, device):
    port, names, *_ = ground
    relay = Client(port, names["relay"], "relay")
    for everything in ("u/#", "p/#"):
        assert relay.subscribe(everything) <= 2
    ears = {other: Client(port, names[other], other) for other in DEVICES if other != device}
    for other, ear in ears.items():
        assert ear.subscribe(f"d/{other}/#") <= 2
    attacker = Client(port, names[device], device)
    tried = refused = 0
    for owner in DEVICES:
        for topic, _ in topics(owner):
            for retain in (False, True):
                code = attacker.publish(topic, f"by {device}".encode(), retain)
                tried += 1
                if mine(topic, device):
                    assert code in (0, 16), topic  # 16: nobody listens
                else:
                    assert code == NOT_AUTHORIZED, topic
                    refused += 1
    for beside in ("u", "d", "p", "u/17", f"u/17/{device}x/h", f"p/{device}/x", f"U/17/{device}/h",
                   f"u//{device}/h/", f"d/{device}", "$SYS/broker/version", f"/u/17/{device}/h",
                   "$CONTROL/dynamic-security/v1", "anything"):
        code = attacker.publish(beside, b"by " + device.encode(), True)
        assert code == NOT_AUTHORIZED or beside.startswith(f"u//{device}"), beside
    assert tried > 80 and refused > 70
    for other, ear in ears.items():
        assert relay.publish(f"d/{other}/c", b"end") == 0
        assert ear.wait(f"d/{other}/c", b"end") == []
    assert attacker.publish(f"u/17/{device}/h", b"end") in (0, 16)
    heard = relay.wait(f"u/17/{device}/h", b"end")
    assert all(mine(topic, device) or topic == f"u//{device}/h/" for topic, _, _ in heard)
    for topic in {topic for topic, _, _ in heard}:
        attacker.publish(topic, b"", True)  # what the broker keeps of it is taken away


@pytest.mark.parametrize("device", DEVICES)
def test_nobody_hears_what_is_not_for_it(ground, device):
    """A subscription may be granted: what counts is what comes through it."""
    port, names, *_ = ground
    relay = Client(port, names["relay"], "relay")
    others = {other: Client(port, names[other], other) for other in DEVICES if other != device}
    for other, client in others.items():
        assert client.publish(f"p/{other}", b"online", True) in (0, 16)  # kept by the broker
    attacker = Client(port, names[device], device)
    tried = 0
    for one in all_filters():
        try:
            attacker.subscribe(one)
        except Refused:  # ended by the broker: as good
            attacker = Client(port, names[device], device)
        tried += 1
    for other, client in others.items():
        for topic, direction in topics(other):
            code = (relay if direction == "down" else client).publish(topic, b"secret", False)
            assert code in (0, 16), topic
    assert relay.publish(f"d/{device}/c", b"end") == 0
    before = attacker.wait(f"d/{device}/c", b"end")
    assert [m for m in before if not m[0].startswith(f"d/{device}/")] == []
    assert tried > 300
    for other, client in others.items():
        client.publish(f"p/{other}", b"", True)


@pytest.mark.parametrize("device", DEVICES)
def test_a_will_speaks_for_its_own_device_alone(ground, device):
    port, names, *_ = ground
    relay = Client(port, names["relay"], "relay")
    assert relay.subscribe("p/#") <= 2 and relay.subscribe("u/#") <= 2
    for other in DEVICES:
        for topic, direction in topics(other):
            if mine(topic, device) or direction == "down":
                continue
            try:
                Client(port, names[device], device, will=(topic, "gone", True)).vanish()
            except Refused:
                pass  # as good
    Client(port, names[device], device, will=(f"p/{device}", "gone", True)).vanish()
    assert relay.wait(f"p/{device}", b"gone") == []
    assert Client(port, names[device], device).publish(f"p/{device}", b"", True) == 0


def test_a_name_is_what_the_certificate_says(ground):
    """Another user name, another client's id, another authority's or a withdrawn certificate."""
    port, names, authority, folder = ground
    with pytest.raises(Refused):
        Client(port, names["stranger"], DEVICES[0])
    for user in DEVICES[1:] + ["relay"]:
        attacker = Client(port, names[DEVICES[0]], user, user=user)  # takes its place at the broker ...
        assert attacker.publish(f"u/17/{user}/h" if user != "relay" else "d/blue.wh-1/c") \
            == NOT_AUTHORIZED  # ... and may still say nothing for it
        assert attacker.publish(f"u/17/{DEVICES[0]}/h") in (0, 16)


# --- what a broker cannot see

PAIRS = [("acme.wh-1", "acme.wh-2"), ("acme.wh-1", "blue.wh-1"), ("blue.wh-1", "acme.wh-1"),
         ("acme.wh-2", "acme.wh-1"), ("blue.wh-1", "acme.wh-2")]


@pytest.fixture(scope="module")
def relay(build, tmp_path_factory):
    made = Relay(build, tmp_path_factory.mktemp("named") / "relay")
    made.ctl("tenant", "add", "blue")
    sites = made.folder / "sites-blue.csv"
    sites.write_text(SITES)
    made.ctl("site", "put", "blue", sites)
    made.shards = {}
    made.names = {}
    for device in sorted({name for pair in PAIRS for name in pair}):
        tenant, name = device.split(".")
        said = made.ctl("device", "add", tenant, name, "nagpur")
        made.shards[device] = int(said.split("shard=")[1].split()[0])
        made.names[device] = made.authority.device(device, made.folder / device)
    made.broker.kill()  # starts again with the list of withdrawn certificates of the new authority
    made.broker.start()
    made.relayd.start()
    wait_for(lambda: "connected" in made.relayd.said())
    yield made
    made.end()


def hello(device, s, release="of-another"):
    tenant, name = device.split(".")
    return json.dumps({"m": "hello", "ten": tenant, "dev": name, "ep": 1, "s": s, "floor": 0,
                       "head": 64, "hash": "00" * 32, "fw": release, "schema": 1, "wire": [1, 1],
                       "have": {}}).encode()


def get(device, s):
    tenant, name = device.split(".")
    return json.dumps({"m": "get", "ten": tenant, "dev": name, "ep": 1, "s": s, "type": "workers",
                       "version": 1, "from": 0, "at": 0, "fetch": 1}).encode()


def batch(device, s):
    """The 64 entries of the committed vector under that name; their chain holds for acme.wh-1."""
    head, _, rest = (TOP / "tests/data/wire/v1-batch-64.json").read_bytes().partition(b"\n")
    form, words = head[:head.index(b"{")], json.loads(head[head.index(b"{"):])
    words["ten"], words["dev"] = device.split(".")
    words["s"] = s
    return form + json.dumps(words, separators=(",", ":")).encode() + b"\n" + rest


def picture(relay):
    """All that the store says of appliances and their journals."""
    out = []
    for tenant in ("acme", "blue"):
        path = relay.folder / "store" / f"{tenant}.db"
        out += rows_of(path, "SELECT tenant, device, release, head, last_heard_ms FROM device")
        out += rows_of(path, "SELECT tenant, device, epoch, wm FROM watermark")
        out += rows_of(path, "SELECT device, seq FROM entry")
        out += rows_of(path, "SELECT source, device FROM dead_letter")
    return out


@pytest.mark.parametrize("sender,named", PAIRS)
def test_what_names_another_device_than_its_topic_changes_nothing(relay, sender, named):
    port = int(relay.broker.address.rsplit(":", 1)[1])
    ears = {device: Client(port, relay.names[device], device) for device in relay.names}
    for device, ear in ears.items():
        assert ear.subscribe(f"d/{device}/#") <= 2
    before = picture(relay)
    attacker = ears[sender]
    shards = {relay.shards[sender], relay.shards[named], 0, 255}
    for s, shard in enumerate(sorted(shards), 65537):
        for kind, message in (("h", hello(named, s)), ("h", get(named, s)), ("e", batch(named, s)),
                              ("e", hello(named, s)), ("h", batch(named, s))):
            assert attacker.publish(f"u/{shard}/{sender}/{kind}", message) == 0
    # Its own, in a shard that is not its own, is no better.
    wrong = (relay.shards[sender] + 1) % 256
    assert attacker.publish(f"u/{wrong}/{sender}/h", hello(sender, 65537)) == 0
    assert attacker.publish(f"u/{wrong}/{sender}/e", batch(sender, 65537)) == 0
    # Behind all of it one that is right, on the same connection: relayd has judged the others then.
    s = 65537 * 9 + PAIRS.index((sender, named))
    assert attacker.publish(f"u/{relay.shards[sender]}/{sender}/h", hello(sender, s, "its-own")) == 0
    answers = []
    while not any(m.get("s") == s for m in answers):
        attacker.take()
        answers = [json.loads(p) for t, p, _ in attacker.got if t == f"d/{sender}/c"]
    assert [m["s"] for m in answers] == [s]
    assert all(not ear.got for device, ear in ears.items() if device != sender)
    after = picture(relay)
    tenant, name = sender.split(".")
    own = [row for row in after if row[:2] == (tenant, name)]
    assert [row for row in after if row not in own] == \
        [row for row in before if row[:2] != (tenant, name)]
    assert any(row[2] == "its-own" for row in own if len(row) == 5)
    for ear in ears.values():
        ear.vanish()
