# SPDX-License-Identifier: Apache-2.0
"""As much of MQTT 5 as is needed to say to a broker what no client library would, and to read what it
answers, reason codes included (OASIS MQTT 5.0; numbers in brackets are its sections)."""

import socket
import ssl
import struct

NOT_AUTHORIZED = 0x87


class Refused(Exception):
    """The broker ended it: no CONNACK of success."""


def text(words):
    raw = words.encode()
    return struct.pack(">H", len(raw)) + raw


def length(n):  # [1.5.5]
    out = b""
    while True:
        n, digit = divmod(n, 128)
        out += bytes([digit | (128 if n else 0)])
        if not n:
            return out


class Client:
    def __init__(self, port, identity, name, user=None, will=None, timeout=30):
        """Connects with a certificate, as `name`; user: a user name besides it; will: (topic,
        payload, retained)."""
        context = ssl.create_default_context(cafile=identity / "ca.pem")
        context.load_cert_chain(identity / "certificate.pem", identity / "key.pem")
        plain = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self.got = []  # (topic, payload, retained)
        self.packet_id = 0
        self.answers = {}
        try:
            self.wire = context.wrap_socket(plain, server_hostname="127.0.0.1")
            flags = 0x02  # clean start
            payload = text(name)
            if will:
                flags |= 0x04 | (0x20 if will[2] else 0)
                payload += b"\0" + text(will[0]) + text(will[1])
            if user:
                flags |= 0x80
                payload += text(user)
            self.send(0x10, text("MQTT") + bytes([5, flags]) + struct.pack(">H", 60) + b"\0" + payload)
            kind, body = self.read()
        except (OSError, ssl.SSLError) as err:
            plain.close()
            raise Refused(str(err)) from err
        if kind != 0x20 or body[1] != 0:
            raise Refused(f"CONNACK {body[1] if len(body) > 1 else kind}")

    def send(self, head, body):
        self.wire.sendall(bytes([head]) + length(len(body)) + body)

    def exactly(self, n):
        out = b""
        while len(out) < n:
            part = self.wire.recv(n - len(out))
            if not part:
                raise Refused("the broker closed the connection")
            out += part
        return out

    def read(self):
        head = self.exactly(1)[0]
        n, shift = 0, 0
        while True:
            digit = self.exactly(1)[0]
            n |= (digit & 127) << shift
            shift += 7
            if digit < 128:
                return head, self.exactly(n)

    def take(self):
        """One packet: a message is kept and acknowledged, an answer is kept by its number."""
        head, body = self.read()
        if head & 0xF0 == 0x30:  # PUBLISH [3.3]
            size = struct.unpack(">H", body[:2])[0]
            topic, at = body[2:2 + size].decode(), 2 + size
            if head & 0x06:
                self.send(0x40, body[at:at + 2])
                at += 2
            properties, used = body[at], 1
            assert properties < 128
            self.got.append((topic, body[at + used + properties:], bool(head & 1)))
        elif head & 0xF0 in (0x40, 0x90):  # PUBACK [3.4], SUBACK [3.9]
            number = struct.unpack(">H", body[:2])[0]
            codes = body[-1:] if head & 0xF0 == 0x90 else body[2:3]
            self.answers[number] = codes[0] if codes else 0
        elif head & 0xF0 == 0xE0:  # DISCONNECT [3.14]
            raise Refused(f"DISCONNECT {body[0] if body else 0}")

    def answer(self, number):
        while number not in self.answers:
            self.take()
        return self.answers.pop(number)

    def publish(self, topic, payload=b"x", retain=False):
        """By QoS 1: the reason code of its PUBACK."""
        self.packet_id = self.packet_id % 65535 + 1
        self.send(0x32 | retain, text(topic) + struct.pack(">H", self.packet_id) + b"\0" + payload)
        return self.answer(self.packet_id)

    def subscribe(self, topic):
        """The reason code of its SUBACK."""
        self.packet_id = self.packet_id % 65535 + 1
        self.send(0x82, struct.pack(">H", self.packet_id) + b"\0" + text(topic) + b"\1")
        return self.answer(self.packet_id)

    def wait(self, topic, payload):
        """All that came before this message, without it."""
        while not any(t == topic and p == payload for t, p, _ in self.got):
            self.take()
        before, self.got = [m for m in self.got if m[:2] != (topic, payload)], []
        return before

    def vanish(self):
        """The wire ends without a word."""
        self.wire.close()
