# SPDX-License-Identifier: Apache-2.0
"""The relay's store under stress: a disk without room, a database that goes away in the middle, a
standby that comes and goes. Nothing is acknowledged that is not durable, nothing is lost or
doubled, and work goes on by itself."""

import contextlib
import random
import shlex
import subprocess

import pytest
from relay_under_test import Postgres, Relay, wait_for
from test_relay_ingest import acked, whole

STANDBY_PORT = 5433  # of a socket in the server's own folder


class Server(Postgres):
    """PostgreSQL, and another machine's copy of it."""

    def __init__(self):
        super().__init__()
        self.standby_runs = False
        if self.address:
            words = shlex.split(self.ctl)
            self.data = words[words.index("-D") + 1]
            self.folder = self.data.removesuffix("/data")
            self.bin = next(w for w in words if w.endswith("/pg_ctl")).removesuffix("/pg_ctl")
            self.as_postgres = words[:next(i for i, w in enumerate(words)
                                           if w.endswith("/pg_ctl"))]

    def tool(self, name, *words):
        subprocess.run([*self.as_postgres, f"{self.bin}/{name}", *words], check=True, cwd="/",
                       stdout=subprocess.DEVNULL)

    def sql(self, text):
        done = subprocess.run(["psql", "-h", self.folder, "-U", "postgres", "-d", "relay", "-qtA",
                               "-c", text], check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def make_standby(self):
        self.tool("pg_basebackup", "-h", self.folder, "-U", "postgres", "-D",
                  f"{self.folder}/standby", "-R", "-X", "stream", "-c", "fast")

    def start_standby(self):
        self.tool("pg_ctl", "-s", "-D", f"{self.folder}/standby", "-l",
                  f"{self.folder}/standby.log", "-w", "-o",
                  f"-k {self.folder} -p {STANDBY_PORT} -c listen_addresses=", "start")
        self.standby_runs = True

    def stop_standby(self):
        self.tool("pg_ctl", "-s", "-D", f"{self.folder}/standby", "-m", "immediate", "-w", "stop")
        self.standby_runs = False

    def want_standby(self, names):
        self.sql(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
        self.sql("SELECT pg_reload_conf()")
        wait_for(lambda: self.sql("SHOW synchronous_standby_names") == names, "the setting")

    def end(self):
        if self.standby_runs:
            self.stop_standby()
        super().end()


@pytest.fixture
def server():
    made = Server()
    yield made
    made.end()


@pytest.fixture
def postgres_relay(server, build, tmp_path):
    if not server.address:
        pytest.skip("no PostgreSQL here")
    relay = Relay(build, tmp_path, server.address, server.owner)
    relay.prefix = f"t{random.randrange(10**9)}"
    yield relay
    relay.abandon()


def test_only_what_a_synchronous_standby_has_is_safe(server, postgres_relay):
    relay = postgres_relay
    shards = relay.tenant(relay.prefix, ["wh-1"])
    boots = iter(range(1, 99))

    def send(entries):
        return relay.peer(relay.prefix, "wh-1", shards["wh-1"], boot=next(boots), entries=entries)

    relay.start("--set", "relay.safe=standby")
    send(100).end()
    assert "resume 100 safe 0 want 0" in send(200).end()  # there is no standby yet
    server.make_standby()
    server.start_standby()
    assert "resume 200 safe 0 want 0" in send(210).end()  # nor does a commit wait for this one
    server.want_standby("*")
    send(300).end()
    assert "resume 300 safe 300 want 0" in send(310).end()
    server.stop_standby()
    waiting = send(400)
    wait_for(lambda: server.sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'relay' AND"
                                " wait_event = 'SyncRep'") != "0", "a commit that waits")
    assert acked(waiting) <= 310  # it is committed here, and here alone
    server.start_standby()
    assert waiting.end()[-1].startswith("done 400 ")
    server.want_standby("")
    send(500).end()
    assert "resume 500 safe 400 want 0" in send(510).end()
    whole(relay, relay.prefix, {"wh-1": 510})
    relay.stop()


def test_a_commit_whose_wait_for_the_standby_is_broken_off_is_not_acknowledged(
        server, postgres_relay):
    relay = postgres_relay
    shards = relay.tenant(relay.prefix, ["wh-1"])
    relay.start("--set", "relay.safe=standby")
    relay.peer(relay.prefix, "wh-1", shards["wh-1"], entries=100).end()
    server.want_standby("nobody")
    peer = relay.peer(relay.prefix, "wh-1", shards["wh-1"], boot=2, entries=200)
    waits = ("FROM pg_stat_activity WHERE usename = 'relay' AND wait_event = 'SyncRep'")
    for _ in range(3):
        wait_for(lambda: server.sql(f"SELECT count(*) {waits}") != "0", "a commit that waits")
        server.sql(f"SELECT pg_cancel_backend(pid) {waits}")
    assert acked(peer) <= 100
    server.want_standby("")
    assert peer.end()[-1].startswith("done 200 ")
    whole(relay, relay.prefix, {"wh-1": 200})
    relay.stop()


def test_a_database_that_goes_away_in_the_middle_takes_nothing_with_it(server, postgres_relay):
    relay = postgres_relay
    shards = relay.tenant(relay.prefix, ["wh-1", "wh-2"])
    relay.start()
    entries = 3000
    peers = {d: relay.peer(relay.prefix, d, shards[d], seed=3, entries=entries) for d in shards}
    wait_for(lambda: all(acked(p) >= 500 for p in peers.values()), "progress")
    told = {d: acked(p) for d, p in peers.items()}
    server.restart()  # immediate: as kill -9 of all its processes, recovery at its start
    stored = relay.stored(relay.prefix)
    assert all(stored[d] >= told[d] for d in told)
    for p in peers.values():
        assert p.end()[-1].startswith(f"done {entries} ")
    whole(relay, relay.prefix, dict.fromkeys(shards, entries))
    relay.stop()


@pytest.fixture
def small_disk(tmp_path):
    """A file system of a few MiB; what fills it, and frees it again."""
    folder = tmp_path / "store"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "none", folder],
                             capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"needs the right to mount: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_is_said_and_nothing_is_acknowledged_meanwhile(build, tmp_path, small_disk):
    relay = Relay(build, tmp_path, f"sqlite:{small_disk}")
    try:
        shards = relay.tenant("full", ["wh-1"])
        relay.start()
        relay.peer("full", "wh-1", shards["wh-1"], entries=500).end()
        filler = small_disk / "filler"
        with contextlib.suppress(OSError), open(filler, "wb", buffering=0) as out:
            while out.write(bytes(4096)):
                pass
        peer = relay.peer("full", "wh-1", shards["wh-1"], boot=2, entries=3000)
        log = tmp_path / "relayd.log"
        wait_for(lambda: "messages dropped" in log.read_text(), "words about it")
        assert "No space left on device" in log.read_text()
        told = acked(peer)
        assert told < 3000
        filler.unlink()
        assert peer.end()[-1].startswith("done 3000 ")
        assert relay.stored("full")["wh-1"] >= told
        whole(relay, "full", {"wh-1": 3000})
        relay.stop()
    finally:
        relay.abandon()
