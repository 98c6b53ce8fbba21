# SPDX-License-Identifier: GPL-3.0-or-later
"""relayd with role send takes what waits in every tenant's outbox to the providers."""

import subprocess
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


def write_configuration(path, folder, provider):
    path.write_text(f"[relay]\nstore = sqlite:{folder}\nrole = send\nworkers = 1\n"
                    f"[clock]\nsource = lapse:{NOON}:1000:{time.monotonic_ns() // 1_000_000}\n"
                    f"[channels]\nwhatsapp_url = {provider.whatsapp_url}\n"
                    f"whatsapp_number = 5566\nsms_url = {provider.sms_url}\n"
                    f"email_url = {provider.smtp_url}\nemail_from = offers@example.in\n"
                    "unsubscribe_url = https://relay.example/u/\n"
                    "unsubscribe_mail = u@example.in\n")


def test_each_tenants_messages_go_out_once_also_across_a_restart(build, tmp_path, provider):
    boxes = Outboxes(build, tmp_path / "store", provider)
    write_configuration(tmp_path / "relayd.conf", tmp_path / "store", provider)
    for tenant in TENANTS:
        boxes.tell(tenant, "setup 12")
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
            assert relayd.wait(timeout=30) == 0
        if run == 1:
            boxes.queue(3)
    assert len(provider.taken()) == 24 and not provider.doubles()
