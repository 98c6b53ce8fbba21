# SPDX-License-Identifier: GPL-3.0-or-later
"""A real relayd with its API, its first user and its agents, for tests from outside."""

import os
import re
import signal
import subprocess
import threading
import time

from relay_api import PASSWORD

SITES = ("site,name,territory,gstin,state,pincode,latitude,longitude,receive_kg\n"
         "WH-1,Nagpur,North,27AAPFU0939F1ZV,27,440001,21.1458,79.0882,0\n")
WAIT_S = 240


class Relay:
    """relayd with agents and API, without a broker, on a folder of its own. options are keys of
    [api]; settings are any others, by their whole names."""

    def __init__(self, build, folder, scheme="http", postgres=None, settings=None, **options):
        self.scheme = scheme
        self.build, self.folder, self.clients = build, folder, {}
        self.store = postgres.address if postgres else f"sqlite:{folder}/store"
        self.owner_store = postgres.owner if postgres else self.store
        secret = folder / "secret"
        secret.write_bytes(os.urandom(48))
        secret.chmod(0o600)
        (folder / "metrics").write_text("metrics-token\n")
        sites = folder / "sites.csv"
        sites.write_text(SITES)
        self.ctl("tenant", "add", "acme")
        self.ctl("site", "put", "acme", str(sites))
        self.ctl("user", "add", "acme", "owner", "owner", password=PASSWORD)
        words = [build / "cloud-relay/relayd"]
        for key, value in {"relay.store": self.store, "relay.role": "agents,api",
                           "api.port": 0, "api.secret": secret,
                           "api.metrics_token": folder / "metrics",
                           **{f"api.{name}": value for name, value in options.items()},
                           **(settings or {})}.items():
            words += ["--set", f"{key}={value}"]
        self.process = subprocess.Popen(list(map(str, words)), stderr=subprocess.PIPE, text=True)
        self.lines, self.address = [], None
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.opened = threading.Event()
        self.reader.start()
        assert self.opened.wait(WAIT_S) and self.address, "".join(self.lines)

    def read(self):
        for line in self.process.stderr:
            self.lines.append(line)
            port = re.search(r"relayd: api: address=127.0.0.1 port=(\d+)", line)
            if port:
                self.address = f"{self.scheme}://127.0.0.1:{port[1]}"
                self.opened.set()
        self.opened.set()

    def ctl(self, *words, password=""):
        return subprocess.run([self.build / "cloud-relay/relayctl", "--store", self.owner_store,
                               *words],
                              input=password + "\n", check=True, capture_output=True, text=True
                              ).stdout

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(WAIT_S) == 0, "".join(self.lines)


def wait_for(what):
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        threading.Event().wait(0.1)
    raise AssertionError("it did not happen in time")
