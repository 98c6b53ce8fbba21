# SPDX-License-Identifier: Apache-2.0
"""Mail, as the double of the providers speaks it: an SMTP server that takes messages, and the mails
that come back about them, as our mail server hands them over."""

import socketserver

from provider_fate import rest


class Smtp(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a submission client needs."""

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self):
        self.say("220 double ESMTP")
        recipient = ""
        for line in iter(self.rfile.readline, b""):
            word = line.strip().upper()
            if word.startswith(b"EHLO"):
                self.say("250-double")
                self.say("250 8BITMIME")
            elif word.startswith(b"RCPT"):
                recipient = line.decode().split("<", 1)[1].split(">", 1)[0]
                self.say("250 ok")
            elif word == b"DATA":
                self.say("354 go on")
                if not self.take(recipient):
                    return
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def take(self, recipient):
        lines = []
        for line in iter(self.rfile.readline, b""):
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b"..") else line)
        else:
            return False
        text = b"".join(lines).decode()
        message_id = text.split("Message-ID: <", 1)[1].split("@", 1)[0]
        provider = self.server.provider
        fate = provider.fates.of("email", message_id)
        if "refuse" in fate:
            provider.note("refused", "email", message_id, fate["refuse"])
            self.say(f"{fate['refuse']} no")
            return True
        provider.take("email", message_id, recipient, {"text": text})
        rest(fate)
        if fate.get("drop"):
            return False
        self.say("250 taken")
        return True


def returned(message, kind, fields, part):
    """A multipart/report about a mail that was taken, with its headers."""
    headers = message["body"]["text"].split("\r\n\r\n", 1)[0]
    return (f"From: MAILER-DAEMON@mx.example\r\nSubject: returned\r\nMIME-Version: 1.0\r\n"
            f"Content-Type: multipart/report; report-type={kind};\r\n boundary=\"=_b1\"\r\n\r\n"
            f"--=_b1\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n\r\n"
            f"--=_b1\r\nContent-Type: {part}\r\n\r\n{fields}\r\n"
            f"--=_b1\r\nContent-Type: text/rfc822-headers\r\n\r\n{headers}\r\n\r\n"
            f"--=_b1--\r\n").encode()


def bounce(message, status, action):
    """RFC 3464."""
    return returned(message, "delivery-status", (
        f"Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; {message['to']}\r\n"
        f"Action: {action}\r\nStatus: {status}\r\n"), "message/delivery-status")


def complaint(message):
    """RFC 5965."""
    return returned(message, "feedback-report", (
        "Feedback-Type: abuse\r\nUser-Agent: double/1\r\nVersion: 1\r\n"),
        "message/feedback-report")


def unsubscription(message):
    """What its reader's program writes to the address in the header."""
    text = message["body"]["text"].replace("\r\n ", " ")
    to = text.split("<mailto:", 1)[1].split(">", 1)[0]
    return (f"From: <{message['to']}>\r\nTo: <{to}>\r\nSubject: unsubscribe\r\n"
            "\r\nunsubscribe\r\n").encode()
