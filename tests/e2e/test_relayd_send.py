# SPDX-License-Identifier: GPL-3.0-or-later
"""relayd with role send takes what waits in every tenant's outbox to the providers."""

import contextlib
import sqlite3
import subprocess
import threading
import time

import provider as double
import pytest

NOON = 20800 * 86_400_000 - 19_800_000 + 43_200_000  # of an Indian civil day
TENANTS = ("acme", "zest")


@pytest.fixture
def provider():
    made = double.Provider(seed=3, callbacks=False)
    yield made
    made.close()


class Outboxes:
    def __init__(self, build, folder, provider):
        self.build, self.folder, self.provider = build, folder, provider

    def tell(self, tenant, *lines):
        peer = subprocess.Popen([self.build / "tests/peer/sender_peer", f"sqlite:{self.folder}",
                                 tenant, self.provider.whatsapp_url, self.provider.sms_url,
                                 self.provider.smtp_url],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        out, _ = peer.communicate("".join(line + "\n" for line in lines), timeout=60)
        assert out.split() == ["ready"] + ["ok"] * len(lines)

    def queue(self, batch):
        for tenant in TENANTS:
            self.tell(tenant, *[f"queue {batch}-{way} {way} OUT-{3 * batch + n}"
                                for n, way in enumerate(("whatsapp", "sms", "email"), 1)])


def write_configuration(path, folder):
    path.write_text(f"[relay]\nstore = sqlite:{folder}\nrole = send\nworkers = 1\n"
                    f"[clock]\nsource = lapse:{NOON}:1000:{time.monotonic_ns() // 1_000_000}\n"
                    f"[channels]\nfolder = {path.parent / 'channels'}\n"
                    "url = https://relay.example\n")


def test_each_tenants_messages_go_out_once_also_across_a_restart(build, tmp_path, provider):
    boxes = Outboxes(build, tmp_path / "store", provider)
    write_configuration(tmp_path / "relayd.conf", tmp_path / "store")
    for tenant in TENANTS:
        boxes.tell(tenant, "setup 12")
        provider.open_account(tmp_path / "channels", tenant)
    boxes.queue(0)
    for run in (1, 2):
        relayd = subprocess.Popen([build / "cloud-relay/relayd", "--config",
                                   tmp_path / "relayd.conf"])
        try:
            assert provider.wait_taken(6 * (2 * run - 1))
            boxes.queue(run)
            assert provider.wait_taken(12 * run)
        finally:
            relayd.terminate()
            assert relayd.wait(timeout=60) == 0
        if run == 1:
            boxes.queue(3)
    assert len(provider.taken()) == 24 and not provider.doubles()


def rows(folder, tenant, select):
    with contextlib.closing(sqlite3.connect(f"file:{folder}/{tenant}.db?mode=ro", uri=True)) as db:
        return db.execute(select).fetchall()


def wait_for(what):
    end = time.monotonic() + 60
    while not what():
        assert time.monotonic() < end, "it did not happen in time"
        threading.Event().wait(0.1)


def ctl(build, folder, *words, text="", status=0):
    done = subprocess.run([build / "cloud-relay/relayctl", "--channels", folder, "channel", *words],
                          input=text, capture_output=True, text=True)
    assert done.returncode == status, done.stderr
    return done.stdout + done.stderr


def test_a_tenant_without_an_account_waits_and_uses_nobody_elses(build, tmp_path, provider):
    boxes = Outboxes(build, tmp_path / "store", provider)
    write_configuration(tmp_path / "relayd.conf", tmp_path / "store")
    provider.open_account(tmp_path / "channels", "acme")
    for tenant in TENANTS:
        boxes.tell(tenant, "setup 12")
    boxes.queue(0)
    why = "SELECT DISTINCT state, why FROM outbox WHERE channel = 'whatsapp'"
    relayd = subprocess.Popen([build / "cloud-relay/relayd", "--config", tmp_path / "relayd.conf"])
    try:
        assert provider.wait_taken(3)
        wait_for(lambda: rows(boxes.folder, "zest", why)
                 == [("queued", "no_account: whatsapp.url is not set")])
        alerts = "SELECT type, message FROM alert WHERE alert_id LIKE '%whatsapp%'"
        assert rows(boxes.folder, "zest", alerts) == [
            ("channel_without_account", "Messages by whatsapp wait: whatsapp.url is not set.")]
        assert rows(boxes.folder, "acme", alerts) == [] and len(provider.taken()) == 3
        channels = tmp_path / "channels"
        ctl(build, channels, "set", "zest", "whatsapp.url", provider.whatsapp_url)
        ctl(build, channels, "set", "zest", "whatsapp.number", "5567")
        wait_for(lambda: rows(boxes.folder, "zest", why)
                 == [("queued", "no_account: whatsapp.token is not set")])
        ctl(build, channels, "set", "zest", "whatsapp.token", text="zests-own\n")
        assert provider.wait_taken(4)
        wait_for(lambda: rows(boxes.folder, "zest", why) == [("sent", "")])
    finally:
        relayd.terminate()
        assert relayd.wait(timeout=60) == 0
    assert len(provider.taken("sms")) == len(provider.taken("email")) == 1


def test_accounts_are_set_listed_and_checked_without_showing_a_secret(build, tmp_path):
    secret = "s3cret-token"
    out = ctl(build, tmp_path, "set", "acme", "whatsapp.token", text=secret + "\n")
    out += ctl(build, tmp_path, "set", "acme", "whatsapp.url", "https://graph.example")
    path = tmp_path / "acme" / "whatsapp.token"
    assert path.read_text() == secret + "\n" and path.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "acme").stat().st_mode & 0o777 == 0o700
    out += ctl(build, tmp_path, "list", "acme")
    assert "url = https://graph.example" in out and "whatsapp.token: set" in out
    out += ctl(build, tmp_path, "check", "acme", status=1)
    assert "whatsapp: messages are held, for want of whatsapp.number; callbacks are refused" in out
    out += ctl(build, tmp_path, "set", "acme", "whatsapp.number", "5566")
    checked = ctl(build, tmp_path, "check", "acme", status=1)
    assert "whatsapp: can be sent on" in checked and "sms: messages are held" in checked
    for words, text in ((["whatsapp.nothing", "x"], ""), (["whatsapp.token", secret], ""),
                        (["sms.vendor", "nobody"], ""), (["sms.key"], "a\tb\n"), (["sms.url"], "")):
        out += ctl(build, tmp_path, "set", "acme", *words, text=text, status=1)
    out += ctl(build, tmp_path, "set", "Acme/..", "sms.url", "x", status=1)
    path.chmod(0o644)
    out += ctl(build, tmp_path, "check", "acme", status=1)
    assert "its owner alone" in out and secret not in out + checked
    path.chmod(0o600)
    ctl(build, tmp_path, "set", "acme", "whatsapp.token", text="\n")
    assert not path.exists()
