# SPDX-License-Identifier: Apache-2.0
"""The relay's side of an enrolment, as a small HTTP server: what it was asked, and what it answers.
Certificates are signed by openssl, so that two makers of them must understand each other."""

import http.server
import json
import subprocess
import threading
import time


class Desk:
    def __init__(self, authority, folder, name, broker, shard):
        """Gives that name to whoever brings the claim; `busy` times it says: later."""
        self.authority = authority
        self.folder = folder
        self.folder.mkdir()
        self.name = name
        self.broker = broker
        self.shard = shard
        self.claim = "K7QF-93XM"
        self.busy = 0
        self.asked = []
        self.keys = {}  # claim -> the key that has taken it
        desk = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status, answer = desk.answer(self.path, body)
                text = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, path, body):
        self.asked.append((path, body))
        if self.busy > 0:
            self.busy -= 1
            return 503, {"error": "busy", "message": "later"}
        if "certificate" not in body and body.get("claim") != self.claim:
            return 403, {"error": "claim_unknown", "message": "no such claim"}
        key = self.key_of(body["csr"])
        if "claim" in body and self.keys.setdefault(body["claim"], key) != key:
            return 409, {"error": "claim_used", "message": "another key has it"}
        tenant, device = self.name.split(".")
        return 200, {"v": 1, "tenant": tenant, "device": device, "epoch": 1, "shard": self.shard,
                     "site": "Nagpur", "brokers": [self.broker],
                     "certificate": self.sign(body["csr"], tenant),
                     "ca": (self.authority.folder / "root.pem").read_text(),
                     "now": int(time.time() * 1000), "of_a_later_release": {"x": [1]}}

    def key_of(self, request):
        return subprocess.run(["openssl", "req", "-pubkey", "-noout"], input=request, text=True,
                              capture_output=True, check=True).stdout

    def sign(self, request, tenant):
        csr = self.folder / "request.csr"
        csr.write_text(request)
        extensions = self.folder / "extensions"
        extensions.write_text("basicConstraints=CA:FALSE\nextendedKeyUsage=clientAuth\n")
        ca = self.authority.folder
        leaf = subprocess.run(
            ["openssl", "x509", "-req", "-in", csr, "-CA", ca / f"{tenant}.pem", "-CAkey",
             ca / f"{tenant}.key", "-subj", f"/CN={self.name}", "-days", "90", "-extfile",
             extensions], capture_output=True, text=True, check=True)
        return leaf.stdout + (ca / f"{tenant}.pem").read_text()

    def end(self):
        self.server.shutdown()
        self.server.server_close()
