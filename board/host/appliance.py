# SPDX-License-Identifier: Apache-2.0
"""One appliance on this PC: stationd, and around it the simulated devices it is wired to.

Used by the demo and by the tests end to end. Nothing here knows what is scanned or why.
"""

import http.client
import json
import os
import pathlib
import subprocess
import threading
import time

import daemon

TOP = pathlib.Path(__file__).resolve().parents[2]


class DeviceError(RuntimeError):
    """A simulated device did not do what it was told."""


class Device:
    """A program of hal/sim, driven line by line through pipes."""

    def __init__(self, build, *arguments):
        self.name = " ".join(str(a) for a in arguments)
        program = build / "hal" / "sim" / arguments[0]
        # In a group of its own: Ctrl-C at the terminal is for whoever runs the device.
        self.process = subprocess.Popen([program, *map(str, arguments[1:])],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        process_group=0)

    def line(self):
        answer = self.process.stdout.readline()
        if not answer:
            raise DeviceError(f"{self.name}: ended with {self.process.wait()}")
        return answer.decode().rstrip("\n")

    def ready(self):
        """Simulators say once that their device is there."""
        answer = self.line()
        if answer.split()[0] not in ("ok", "ready"):
            raise DeviceError(f"{self.name}: {answer}")

    def tell(self, command):
        self.process.stdin.write(command.encode() + b"\n")
        self.process.stdin.flush()
        answer = self.line()
        if answer != "ok":
            raise DeviceError(f"{self.name}: {command[:60]}: {answer}")

    def stop(self):
        if self.process.poll() is None:
            self.process.stdin.close()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()


def escaped(text):
    """Bytes of a scan as the simulators want them: control bytes and the backslash as \\xNN."""
    return "".join(c if " " <= c <= "~" and c != "\\" else f"\\x{ord(c):02x}" for c in text)


class Scanner(Device):
    def __init__(self, *arguments):
        """build, wire, path and options."""
        self.arguments = arguments
        build, *rest = arguments
        super().__init__(build, "scanner_sim", *rest)

    def renew(self):
        """Another scanner of the same kind in the same place, whose wire is empty."""
        name = self.name
        self.stop()
        Scanner.__init__(self, *self.arguments)
        self.ready()
        self.name = name

    def scan(self, text):
        self.tell("scan " + escaped(text))


def write_settings(path, settings):
    """{"section": {"key": value}} as a configuration file."""
    lines = []
    for section, keys in settings.items():
        lines.append(f"[{section}]")
        lines += [f"{key} = {value}" for key, value in keys.items()]
    path.write_text("\n".join(lines) + "\n")
    return path


class Stationd(daemon.Daemon):
    """The daemon itself, with its configuration written into its folder."""

    def __init__(self, build, folder, settings, environment=None):
        """settings: {"section": {"key": value}}."""
        self.folder = pathlib.Path(folder)
        super().__init__(build / "firmware" / "stationd", self.folder / "stationd.log",
                         {**os.environ, **(environment or {})})
        self.conf = write_settings(self.folder / "stationd.conf", settings)
        self.port = None

    def start(self, timeout=90):
        """Starts it and waits until it says where its screen is."""
        start = self.log.stat().st_size if self.log.exists() else 0
        self.run(self.conf)
        until = time.monotonic() + timeout
        while time.monotonic() < until:
            for line in self.log.read_bytes()[start:].decode(errors="replace").splitlines():
                if "screen at http://" in line:
                    self.port = int(line.rsplit(":", 1)[1].split("/")[0].split()[0])
                    return self
            if self.process.poll() is not None:
                raise RuntimeError(f"stationd ended with {self.process.returncode}:\n"
                                   + self.log.read_text(errors="replace")[-2000:])
            time.sleep(0.01)
        raise RuntimeError("stationd did not come up:\n"
                           + self.log.read_text(errors="replace")[-2000:])


class Syncd(daemon.Daemon):
    """The courier beside it: ships its journal, brings documents."""

    def __init__(self, build, folder, settings):
        self.folder = pathlib.Path(folder)
        super().__init__(build / "sync" / "syncd", self.folder / "syncd.log")
        self.conf = write_settings(self.folder / "syncd.conf", settings)

    def start(self):
        return self.run(self.conf)


class ScreenDark(ConnectionError):
    """Nothing is to be seen any more: the appliance behind it is gone."""


class Screen:
    """What a worker's eyes see: the views of one post, live, as the browser gets them."""

    def __init__(self, port, post, cookie=None):
        self.cookie = cookie
        self.post = post
        self.port = port
        self.views = []
        self.changed = threading.Condition()
        self.closed = False
        self.thread = threading.Thread(target=self.follow, daemon=True)
        self.thread.start()

    def follow(self):
        while not self.closed:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
                connection.request("GET", f"/api/v1/posts/{self.post}/events",
                                   headers={"Cookie": self.cookie} if self.cookie else {})
                answer = connection.getresponse()
                event = b""
                while not self.closed:
                    line = answer.readline()
                    if not line:
                        break
                    if line.startswith(b"event: "):
                        event = line[7:].strip()
                    if line.startswith(b"data: ") and event == b"view":
                        with self.changed:
                            self.views = [json.loads(line[6:])]
                            self.changed.notify_all()
            except (OSError, http.client.HTTPException, ValueError):
                time.sleep(0.05)

    def latest(self):
        return self.views[-1] if self.views else None

    def wait(self, wanted, timeout=30):
        """The first view, from now or before, for which wanted(view) is true."""
        until = time.monotonic() + timeout
        with self.changed:
            while True:
                if self.views and wanted(self.views[-1]):
                    return self.views[-1]
                if self.closed:
                    raise ScreenDark(self.post)
                left = until - time.monotonic()
                if left <= 0:
                    raise TimeoutError(f"{self.post}: last view {self.latest()}")
                self.changed.wait(left)

    def close(self):
        with self.changed:
            self.closed = True
            self.changed.notify_all()


def get_json(port, path, timeout=30, cookie=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read() or b"null")
    finally:
        connection.close()
