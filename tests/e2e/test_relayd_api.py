# SPDX-License-Identifier: GPL-3.0-or-later
"""The API inside the real relayd: its configuration, its first user, and agents that follow what
is said to it."""

import json
import os
import shutil
import subprocess

import pytest
import requests

from relay_api import Client
from relayd_under_test import WAIT_S, Relay, wait_for

@pytest.fixture(scope="module")
def relay(build, tmp_path_factory):
    one = Relay(build, tmp_path_factory.mktemp("relay"))
    yield one
    one.end()


def test_the_first_user_signs_in_and_sees_the_agents_run(relay):
    owner = Client(relay, "acme", "owner")
    agents = wait_for(lambda: [a for a in owner.get("/api/v1/agents").json()["items"]
                               if a["state"] == "running"])
    assert {"orchestrator", "compliance"} <= {a["agent"] for a in agents}
    assert owner.get("/api/v1/sites").json()["items"][0]["territory"] == "North"


def test_a_command_reaches_the_agent(relay):
    owner = Client(relay, "acme", "owner")
    path = "/api/v1/agents/compliance/command"
    state = lambda: {a["agent"]: a["state"]
                     for a in owner.get("/api/v1/agents").json()["items"]}["compliance"]
    wait_for(lambda: state() == "running")
    assert owner.post(path, {"command": "stop", "reason": "a test"}).status_code == 200
    wait_for(lambda: state() == "stopped")
    assert owner.post(path, {"command": "start", "reason": "a test"}).status_code == 200
    wait_for(lambda: state() == "running")


def test_what_agents_write_reaches_a_stream(relay):
    owner = Client(relay, "acme", "owner")
    headers = {"Authorization": f"Bearer {owner.token}", "Last-Event-ID": "0"}
    with owner.http.get(relay.address + "/api/v1/events", headers=headers, stream=True,
                        timeout=WAIT_S) as answer:
        for line in answer.iter_lines(decode_unicode=True):
            if line.startswith("data: {\"seq\""):
                event = json.loads(line[len("data: "):])
                if event["actor"].startswith("agent:"):
                    return
    raise AssertionError("no agent said anything")


def test_the_console_is_served_out_of_the_binary(relay):
    reader = Client(relay)
    page = reader.get("/")
    assert page.status_code == 200 and '<script src="/console.js" defer>' in page.text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    script = reader.get("/console.js")
    assert script.status_code == 200 and script.headers["Content-Type"].startswith("text/javascript")
    assert reader.get("/nothing.js").status_code == 404


def test_metrics_are_for_the_token_in_its_file(relay):
    reader = Client(relay)
    assert reader.get("/metrics").status_code == 401
    reader.token = "metrics-token"
    assert 'relay_agent_up{tenant="acme",agent="compliance"} 1' in reader.get("/metrics").text


@pytest.mark.parametrize("mode,bind,words", [
    (0o644, "127.0.0.1", "owner alone"),
    (0o600, "0.0.0.0", "on loopback alone"),
    (0o600, "nonsense", "on loopback alone")])
def test_what_would_be_unsafe_is_refused(build, tmp_path, mode, bind, words):
    secret = tmp_path / "secret"
    secret.write_bytes(os.urandom(48))
    secret.chmod(mode)
    done = subprocess.run([build / "cloud-relay/relayd", "--set", f"relay.store=sqlite:{tmp_path}/s",
                           "--set", "relay.role=api", "--set", f"api.secret={secret}",
                           "--set", f"api.bind={bind}", "--set", "api.port=0"],
                          capture_output=True, text=True)
    assert done.returncode != 0 and words in done.stderr


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificate")
def test_tls_by_certificate_files_and_nothing_without(build, tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-sha256", "-days", "2", "-subj",
                    "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key,
                    "-out", certificate], check=True, capture_output=True)
    relay = Relay(build, tmp_path, "https", certificate=certificate, key=key)
    try:
        client = Client(relay)
        client.http.verify = str(certificate)
        assert client.get("/api/v1/health").json()["status"] == "ok"
        plain = requests.Session()
        with pytest.raises(requests.exceptions.ConnectionError):
            plain.get(relay.address.replace("https", "http") + "/api/v1/health", timeout=10)
        with pytest.raises(requests.exceptions.SSLError):
            plain.get(relay.address + "/api/v1/health", timeout=10)
    finally:
        relay.end()


def test_each_user_has_a_share_of_requests(build, tmp_path):
    relay = Relay(build, tmp_path, user_per_s=1)
    try:
        owner = Client(relay, "acme", "owner")
        answers = [owner.get("/api/v1/me") for _ in range(20)]
        late = [a for a in answers if a.status_code == 429]
        assert answers[0].status_code == 200 and late
        assert int(late[0].headers["Retry-After"]) >= 1
        assert late[0].json()["detail"] == "too many requests of this user"
    finally:
        relay.end()
