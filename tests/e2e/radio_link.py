# SPDX-License-Identifier: Apache-2.0
"""A link like a phone's on the second generation of mobile networks, made of the kernel's own means:
an appliance in a network namespace of its own, and between it and the relay 32 kbit/s, packets that
are lost, and silences.

Rate, loss and latency are netem's where the kernel has it. Where it has not, the rate is a token
bucket's (tbf), loss is iptables' statistic match, and latency is added by the forwarder that stands
at the relay's end: both ways of a conversation wait, but TCP's own acknowledgements do not."""

import asyncio
import os
import pathlib
import subprocess
import threading

RATE = "32kbit"
DELAY_MS = 300  # one way
LOSS_PERCENT = 5


class NotPermitted(Exception):
    """This machine lets nobody make namespaces, links or queues: why."""


def run(*words):
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise NotPermitted(f"{' '.join(map(str, words))}: {done.stderr.strip()}")
    return done.stdout


class Forwarder:
    """From address:port to 127.0.0.1:port, each piece delay_s later."""

    def __init__(self, address, port, delay_s):
        self.address, self.port, self.delay_s = address, port, delay_s
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        self.server = self.call(asyncio.start_server(self.serve, address, port))

    def call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(30)

    async def serve(self, reader, writer):
        try:
            there = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(self.carry(reader, there[1]), self.carry(there[0], writer))

    async def carry(self, reader, writer):
        waiting = asyncio.Queue()

        async def deliver():
            while (piece := await waiting.get()) is not None:
                await asyncio.sleep(max(0, piece[0] - self.loop.time()))
                writer.write(piece[1])
                await writer.drain()

        task = asyncio.ensure_future(deliver())
        try:
            while data := await reader.read(16384):
                await waiting.put((self.loop.time() + self.delay_s, data))
            await waiting.put(None)
            await task
        except OSError:
            task.cancel()
        finally:
            writer.close()

    def end(self):
        self.loop.call_soon_threadsafe(self.server.close)
        self.loop.call_soon_threadsafe(self.loop.stop)


class Radio:
    """`prefix` begins the command of whatever lives at the far end; `address` is the near end."""

    def __init__(self):
        if os.geteuid() != 0:
            raise NotPermitted("only root makes network namespaces")
        n = os.getpid() % 16000
        self.far = f"vyfar{n}"
        self.near = f"vynear{n}"
        self.address = f"10.203.{n // 64}.{n % 64 * 4 + 1}"
        self.prefix = ["ip", "netns", "exec", self.far]
        self.rules = []
        self.made = False
        try:
            self.make(self.address.rsplit(".", 1)[0] + f".{n % 64 * 4 + 2}")
        except NotPermitted:
            self.end()
            raise

    def make(self, far_address):
        run("ip", "netns", "add", self.far)
        self.made = True
        run("ip", "link", "add", self.near, "type", "veth", "peer", "name", "air", "netns", self.far)
        run("ip", "addr", "add", f"{self.address}/30", "dev", self.near)
        run("ip", "link", "set", self.near, "up")
        run(*self.prefix, "ip", "addr", "add", f"{far_address}/30", "dev", "air")
        run(*self.prefix, "ip", "link", "set", "air", "up")
        ends = [(["tc"], self.near), ([*self.prefix, "tc"], "air")]
        try:
            for tc, device in ends:
                run(*tc, "qdisc", "add", "dev", device, "root", "netem", "delay", f"{DELAY_MS}ms",
                    "loss", f"{LOSS_PERCENT}%", "rate", RATE)
            self.delay_s, self.means = 0, "netem"
        except NotPermitted:
            for tc, device in ends:
                run(*tc, "qdisc", "replace", "dev", device, "root", "tbf", "rate", RATE, "burst",
                    "3000", "latency", "2000ms")
            for prefix, device in (([], self.near), (self.prefix, "air")):
                self.rule(prefix, device, "-m", "statistic", "--mode", "random", "--probability",
                          LOSS_PERCENT / 100, "-j", "DROP")
            self.delay_s, self.means = DELAY_MS / 1000, "tbf, iptables and a forwarder"

    def rule(self, prefix, device, *words):
        words = ["INPUT", "-i", device, *words]
        run(*prefix, "iptables", "-w", "-A", *words)
        self.rules.append((prefix, words))

    def drop_rules(self, count):
        """Takes the last rules away."""
        for _ in range(min(count, len(self.rules))):
            prefix, words = self.rules.pop()
            run(*prefix, "iptables", "-w", "-D", *words)

    def silence(self):
        """Nothing passes any more, and nobody is told."""
        self.rule([], self.near, "-j", "DROP")
        self.rule(self.prefix, "air", "-j", "DROP")

    def silenced(self):
        """Packets that have met the silence at the near end."""
        rows = run("iptables", "-w", "-nvxL", "INPUT").splitlines()
        return sum(int(row.split()[0]) for row in rows
                   if f" {self.near} " in row and "statistic" not in row)

    def speak(self):
        self.drop_rules(2)

    def bytes(self):
        """Up and down on the air, headers and repetitions included."""
        folder = pathlib.Path(f"/sys/class/net/{self.near}/statistics")
        return tuple(int((folder / f"{way}_bytes").read_text()) for way in ("rx", "tx"))

    def end(self):
        try:
            self.drop_rules(len(self.rules))
        except NotPermitted:
            pass  # the namespace takes its own along
        if self.made:
            subprocess.run(["ip", "netns", "del", self.far], check=False)  # and the link with it
