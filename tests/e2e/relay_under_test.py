# SPDX-License-Identifier: Apache-2.0
"""A relay for a test: a real mosquitto with TLS and the product's rules of access, a real relayd on
either store, and appliances that send what they make up (tests/peer/sync_peer)."""

import csv
import io
import os
import pathlib
import signal
import socket
import subprocess
import threading
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
WAIT_S = 240  # for anything that must happen, on a busy machine

ACL = """user relay
topic read u/#
topic read p/#
topic write d/#

pattern write u/+/%u/#
pattern read d/%u/#
pattern write p/%u
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(condition, what):
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        got = condition()
        if got:
            return got
        time.sleep(0.02)  # between two looks at another process
    raise AssertionError(f"not within {WAIT_S} s: {what}")


class Certificates:
    """A root, and a certificate for each name, made on the spot."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                     "-nodes", "-days", "2", "-subj", "/CN=test root", "-keyout", "ca.key", "-out",
                     "ca.pem")
        self.make("broker", "subjectAltName=IP:127.0.0.1,DNS:localhost")

    def openssl(self, *words):
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True)

    def make(self, name, more="keyUsage=digitalSignature"):
        (self.folder / f"{name}.ext").write_text(more + "\n")
        self.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                     "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        self.openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                     "-CAcreateserial", "-days", "1", "-extfile", f"{name}.ext", "-out",
                     f"{name}.pem")


class Process:
    """A program, its lines, and its end."""

    def __init__(self, words, log):
        self.log = open(log, "ab")
        self.run = subprocess.Popen([str(w) for w in words], stdout=subprocess.PIPE,
                                    stderr=self.log)
        self.lines = []
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.run.stdout:
            self.lines.append(line.decode().strip())

    def kill(self):
        if self.run.poll() is None:
            self.run.send_signal(signal.SIGKILL)
        self.end(None)

    def end(self, status=0):
        code = self.run.wait(WAIT_S)
        self.reader.join(WAIT_S)
        self.log.close()
        if status is not None:
            assert code == status, f"ended with {code}, wanted {status}"
        return self.lines


class Relay:
    def __init__(self, build, folder, store, owner=None):
        self.build = build
        self.folder = folder
        self.store = store  # address of relayd
        self.owner = owner or store  # address of relayctl
        self.port = free_port()
        self.certificates = Certificates(folder / "tls")
        self.certificates.make("relay")
        self.peers = []
        self.broker = self.daemon = None
        self.start_broker()

    # ---- the broker

    def start_broker(self):
        tls = self.certificates.folder
        (self.folder / "acl").write_text(ACL)
        conf = self.folder / "mosquitto.conf"
        conf.write_text(f"""listener {self.port} 127.0.0.1
persistence false
user root
log_dest none
cafile {tls}/ca.pem
certfile {tls}/broker.pem
keyfile {tls}/broker.key
require_certificate true
use_identity_as_username true
acl_file {self.folder}/acl
max_queued_messages 20000
""")
        self.broker = Process(["/usr/sbin/mosquitto", "-c", conf], self.folder / "broker.log")
        wait_for(self.broker_listens, "broker")

    def broker_listens(self):
        with socket.socket() as s:
            return s.connect_ex(("127.0.0.1", self.port)) == 0

    def kill_broker(self):
        self.broker.kill()

    # ---- relayd

    def start(self, *more):
        tls = self.certificates.folder
        self.daemon = Process(
            [self.build / "cloud-relay/relayd", "--set", f"relay.store={self.store}", "--set", f"mqtt.broker1=127.0.0.1:{self.port}", "--set",
             f"mqtt.ca={tls}/ca.pem", "--set", f"mqtt.certificate={tls}/relay.pem", "--set",
             f"mqtt.key={tls}/relay.key", *more], self.folder / "relayd.log")

    def kill(self):
        self.daemon.kill()

    def stop(self):
        self.daemon.run.send_signal(signal.SIGTERM)
        self.daemon.end()

    def ctl(self, *words, store=None):
        done = subprocess.run([self.build / "cloud-relay/relayctl", "--store", store or self.owner,
                               *map(str, words)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def table(self, *words):
        return list(csv.DictReader(io.StringIO(self.ctl(*words))))

    def tenant(self, name, devices):
        """A distributor with a site for each of its appliances; their shards."""
        self.ctl("tenant", "add", name)
        sites = self.folder / f"sites-{name}.csv"
        sites.write_text("site,name,territory,gstin,state,pincode,latitude,longitude,receive_kg\n"
                         + "".join(f"s-{d},{d},west,,27,440001,21.1458,79.0882,\n"
                                   for d in devices))
        self.ctl("site", "put", name, sites)
        shards = {}
        for d in devices:
            out = self.ctl("device", "add", name, d, f"s-{d}")
            shards[d] = out.split()[0].removeprefix("shard=")
            self.certificates.make(f"{name}.{d}")
        return shards

    def stored(self, tenant):
        """What the relay holds of each appliance's present epoch."""
        return {row["device"]: int(row["wm"]) for row in self.table("device", "list", tenant)}

    # ---- appliances

    def peer(self, tenant, device, shard, *more, boot=1, seed=1, entries=1000):
        p = Process([self.build / "tests/peer/sync_peer", "--broker", f"127.0.0.1:{self.port}",
                     "--tls", self.certificates.folder, "--tenant", tenant, "--device", device,
                     "--shard", shard, "--boot", boot, "--seed", seed, "--entries", entries, *more],
                    self.folder / f"peer-{device}.log")
        self.peers.append(p)
        return p

    def abandon(self):
        for p in [*self.peers, self.daemon, self.broker]:
            if p and p.run.poll() is None:
                p.kill()


class Postgres:
    """PostgreSQL beside the test, by tests/postgres; None where there is none."""

    def __init__(self, *more):
        read, self.alive = os.pipe()  # it ends when this end is closed
        self.run = subprocess.Popen(
            [TOP / "tests/postgres", *more, "bash", "-c",
             'echo "$STORE_POSTGRES"; echo "$STORE_POSTGRES_OWNER"; echo "$STORE_POSTGRES_CTL";'
             " cat >/dev/null"],
            stdin=read, stdout=subprocess.PIPE, text=True)
        os.close(read)
        self.address, self.owner, self.ctl = (self.run.stdout.readline().strip()
                                              for _ in range(3))

    def restart(self):
        subprocess.run(self.ctl + " restart", shell=True, check=True)

    def end(self):
        os.close(self.alive)
        self.run.wait(WAIT_S)
