# SPDX-License-Identifier: Apache-2.0
"""The broker of a demo or test: an authority in a folder, certificates made on the spot, and a real
mosquitto on loopback that runs by board/broker/. Nothing of it outlives its owner."""

import ctypes
import pathlib
import shutil
import signal
import socket
import subprocess
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
TEMPLATES = TOP / "board" / "broker"
START_S = 90


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Authority:
    """A root with an authority for each tenant, kept by vyaparctl."""

    def __init__(self, vyaparctl, folder, first_day=None):
        """first_day: that its certificates hold from, where a demo's calendar is behind ours."""
        self.vyaparctl = vyaparctl
        self.folder = pathlib.Path(folder)
        self.run("root", self.folder, *([first_day] if first_day else []))
        self.run("crl", self.folder)

    def run(self, *words):
        done = subprocess.run([self.vyaparctl, "identity", *map(str, words)], capture_output=True,
                              text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"identity {words}: {done.stderr}")

    def tenant(self, name):
        if not (self.folder / f"{name}.pem").exists():
            self.run("tenant", self.folder, name)
            self.run("crl", self.folder)

    def device(self, name, into, days=365):
        """key.pem, certificate.pem and ca.pem of TENANT.DEVICE into a folder."""
        self.tenant(name.split(".")[0])
        self.run("device", self.folder, name, into, days)
        return pathlib.Path(into)

    def relay(self, name, into):
        self.run("relay", self.folder, name, into)
        return pathlib.Path(into)

    def server(self, name, into, *hosts):
        self.run("server", self.folder, name, into, *hosts)
        return pathlib.Path(into)

    def revoke(self, certificate):
        """Counts for a broker from its next start or SIGHUP on."""
        self.run("revoke", self.folder, certificate)


class Broker:
    """One mosquitto on 127.0.0.1; killed and started again it has the same port."""

    def __init__(self, authority, folder, relay="relay", port=None):
        self.folder = pathlib.Path(folder)
        self.authority = authority
        self.port = port or free_port()
        self.address = f"127.0.0.1:{self.port}"
        self.process = None
        self.log = self.folder / "log"
        authority.server("broker", self.folder, "localhost", "127.0.0.1")
        words = {"PORT": self.port, "ADDRESS": "127.0.0.1", "FOLDER": self.folder, "USER": "root",
                 "RELAY": relay}
        for template, name in (("mosquitto.conf.in", "mosquitto.conf"), ("acl.in", "acl")):
            text = (TEMPLATES / template).read_text()
            for word, value in words.items():
                text = text.replace(f"@{word}@", str(value))
            (self.folder / name).write_text(text)
            (self.folder / name).chmod(0o600)
        self.start()

    def take_lists(self):
        """What the authority has withdrawn by now."""
        shutil.copy(self.authority.folder / "crl.pem", self.folder / "crl.pem")

    def start(self):
        self.take_lists()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                ["/usr/sbin/mosquitto", "-c", self.folder / "mosquitto.conf"],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, preexec_fn=die_with_parent,
                process_group=0)  # Ctrl-C at the terminal is for whoever runs it
        until = time.monotonic() + START_S
        while True:
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"mosquitto: {self.log.read_text()}")
            time.sleep(0.01)

    def kill(self):
        """Without a word, as a machine ends."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None
