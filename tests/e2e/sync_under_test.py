# SPDX-License-Identifier: Apache-2.0
"""A relay, a broker and the second daemon of an appliance, for the tests end to end: real processes
on loopback, with certificates made on the spot, that can be killed and started again."""

import contextlib
import os
import pathlib
import sqlite3
import subprocess

import broker as brokers
from site_under_test import WAIT_S, wait_for

TENANT = "acme"
SITES = ("site,name,territory,gstin,state,pincode,latitude,longitude,receive_kg\n"
         "nagpur,Nagpur,vidarbha,27AAPFU0939F1ZV,27,440001,21.1458,79.0882,0\n")


class Process:
    """A daemon with its log; what it says is waited for."""

    def __init__(self, command, log):
        self.command = [str(word) for word in command]
        self.log = pathlib.Path(log)
        self.process = None

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log,
                                            stdin=subprocess.DEVNULL,
                                            preexec_fn=brokers.die_with_parent)
        return self

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        return self.process.wait(WAIT_S)

    def running(self):
        return self.process is not None and self.process.poll() is None

    def said(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def rss_kb(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines()
                    if line.startswith("VmRSS"))


class Relay:
    """Broker, authority, and relayd on SQLite for one tenant; with an API where settings name its
    role."""

    def __init__(self, build, folder, **settings):
        self.build = build
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        self.store = f"sqlite:{self.folder / 'store'}"
        (self.folder / "store").mkdir()
        self.authority = brokers.Authority(build / "firmware" / "ctl" / "vyaparctl",
                                           self.folder / "ca")
        self.authority.tenant(TENANT)
        self.broker = brokers.Broker(self.authority, self.folder / "broker")
        mine = self.authority.relay("relay", self.folder / "identity")
        self.ctl("tenant", "add", TENANT)
        sites = self.folder / "sites.csv"
        sites.write_text(SITES)
        self.ctl("site", "put", TENANT, sites)
        self.api = self.authority.server("api", self.folder / "api", "127.0.0.1")
        self.api_port = brokers.free_port()
        secret = self.folder / "secret"
        secret.write_bytes(os.urandom(48))
        secret.chmod(0o600)
        words = {"relay.store": self.store, "relay.role": "ingest",
                 "mqtt.broker1": self.broker.address, "mqtt.ca": mine / "ca.pem",
                 "mqtt.certificate": mine / "certificate.pem", "mqtt.key": mine / "key.pem",
                 "api.port": self.api_port, "api.secret": secret,
                 "api.certificate": self.api / "certificate.pem",
                 "api.key": self.api / "key.pem"} | {
                     key.replace("__", "."): value for key, value in settings.items()}
        command = [build / "cloud-relay" / "relayd"]
        for key, value in words.items():
            command += ["--set", f"{key}={value}"]
        self.relayd = Process(command, self.folder / "relayd.log")

    def ctl(self, *words, said=None):
        done = subprocess.run([self.build / "cloud-relay" / "relayctl", "--store", self.store,
                               *map(str, words)], capture_output=True, text=True, check=False,
                              input=said)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def add_device(self, device):
        """Its shard."""
        said = self.ctl("device", "add", TENANT, device, "nagpur")
        return int(said.split("shard=")[1].split()[0])

    def publish(self, kind, text, *device):
        path = self.folder / f"{kind}.csv"
        path.write_text(text)
        self.ctl("document", "put", TENANT, kind, path, *device)

    def stored(self, device):
        """How far that journal is stored."""
        rows = [line.split(",") for line in self.ctl("device", "list", TENANT).splitlines()]
        return next(int(row[rows[0].index("wm")]) for row in rows[1:] if row[0] == device)

    def watermark(self, device):
        """The same, out of the store itself: quick."""
        rows = rows_of(self.folder / "store" / f"{TENANT}.db",
                       "SELECT max(wm) FROM watermark WHERE device = ?", device)
        return rows[0][0] or 0

    def verify(self):
        return self.ctl("store", "verify", TENANT)

    def entries(self, device):
        """(seq, canonical bytes) in the store, in order."""
        return rows_of(self.folder / "store" / f"{TENANT}.db",
                       "SELECT seq, body FROM entry WHERE device = ? ORDER BY seq", device)

    def end(self):
        if self.relayd.running():
            self.relayd.kill()
        self.broker.kill()


class Syncd(Process):
    """The second daemon of a warehouse."""

    def __init__(self, build, folder, broker=None, shard=0, **settings):
        self.folder = pathlib.Path(folder)
        words = {"site.folder": self.folder, "relay.claim": "", "relay.shard": shard,
                 "link.flush_ms": 100, "link.keepalive_s": 10} | {
                     key.replace("__", "."): value for key, value in settings.items()}
        if broker:
            words["relay.brokers"] = broker
        command = [build / "sync" / "syncd"]
        for key, value in words.items():
            command += ["--set", f"{key}={value}"]
        super().__init__(command, self.folder / "syncd.log")


def rows_of(path, sql, *values):
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        return db.execute(sql, values).fetchall()


def journal_entries(path):
    """(seq, canonical bytes) of a journal, in order."""
    return rows_of(path, "SELECT seq, body FROM entry ORDER BY seq")


def sync_of(site):
    """What the screen is told of the link."""
    return site.request("GET", "/api/v1/health")[2]["sync"]


def wait_sync(site, wanted):
    return wait_for(lambda: (s := sync_of(site)) and wanted(s) and s, timeout=2 * WAIT_S)


def mosquitto(program, identity, broker, *words, timeout=WAIT_S):
    """mosquitto_pub or mosquitto_sub as MQTT 5 with somebody's certificate: (status, output)."""
    port = broker.address.rsplit(":", 1)[1]
    done = subprocess.run(
        [program, "-V", "5", "-h", "127.0.0.1", "-p", port, "--cafile", identity / "ca.pem",
         "--cert", identity / "certificate.pem", "--key", identity / "key.pem", *words],
        capture_output=True, text=True, timeout=timeout, check=False, env=os.environ)
    return done.returncode, done.stdout + done.stderr
