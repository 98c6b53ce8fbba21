# SPDX-License-Identifier: Apache-2.0
"""The providers' double itself: when its callbacks are settled, and what it says when they are not."""

import http.server
import threading

import pytest

import provider as double


@pytest.fixture
def taker():
    """Takes callbacks, or refuses them with a status."""
    class Taker(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(self.server.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Taker)
    server.status = 200
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def provider(taker):
    made = double.Provider(sms_hook=f"http://127.0.0.1:{taker.server_port}/")
    yield made
    made.close()


def test_what_is_out_is_settled_though_more_is_told_meanwhile(provider):
    over = threading.Event()

    def go_on():
        n = 0
        while not over.wait(0.0002):
            n += 1
            provider.sms_reply("919800000001", f"later {n}")

    for n in range(50):
        provider.sms_reply("919800000001", f"YES {n}")
    teller = threading.Thread(target=go_on)
    teller.start()
    try:
        assert provider.settle() == []
    finally:
        over.set()
        teller.join()


def test_what_is_refused_is_told_again_and_said(provider, taker):
    taker.status = 503
    provider.sms_reply("919800000001", "YES 1")
    assert provider.settle(1) == ["sms: 503 "]
    taker.status = 200
    assert provider.settle() == []
