# SPDX-License-Identifier: GPL-3.0-or-later
"""SMS by gateways that have words of their own and sign nothing: a real relayd sends to the double in
each one's form, and the double reports in it, at the path that relayctl says."""

import datetime

import pytest
import requests

from provider import IST
from provider_sms import GATEWAYS
from relay_api import check_answer, operation_of
from relayd_under_test import wait_for
from test_callbacks import Desk

USER = {"msg91": None, "exotel": "api-key", "gupshup": "2000"}
FAILED = {"msg91": "16", "exotel": "23005", "gupshup": "006"}
REFUSED = {"msg91": 418, "exotel": 400, "gupshup": 102}


@pytest.fixture(scope="module", params=sorted(USER))
def desk(request, build, tmp_path_factory):
    vendor = request.param
    one = Desk(build, tmp_path_factory.mktemp(vendor), None, lambda provider: {
        "sms__vendor": vendor, "sms__user": USER[vendor], "sms__url": provider.gateway_url(vendor)})
    one.vendor = vendor
    paths = one.relay.ctl("--channels", one.folder / "channels", "channel", "reports", "acme").split()
    one.path = next(path for path in paths if f"/{vendor}?" in path)
    one.provider.hooks["sms"] = one.relay.address + one.path
    yield one
    one.end()


def send(desk, key, party):
    """Of the double: what it took for that outlet, whatever it knows of our ids."""
    number = f"9198{int(party[4:]):08}"
    desk.tell(f"queue {key} sms {party}")
    return wait_for(lambda: [m for m in desk.provider.taken("sms") if m["to"] == number])[-1]


def report(desk, message, failed=None, path=None, media="application/x-www-form-urlencoded"):
    instant = datetime.datetime(2026, 12, 13, 12, 0, 5, tzinfo=IST)
    raw = GATEWAYS[desk.vendor].report(message, instant, failed)
    path = path or desk.path
    answer = requests.post(desk.relay.address + path, data=raw, headers={"Content-Type": media},
                           timeout=30)
    check_answer(operation_of("POST", path.split("?")[0]), answer)
    return answer.status_code


def test_an_sms_goes_out_in_the_vendors_form_and_is_reported_delivered(desk):
    message = send(desk, "first", "OUT-1")
    assert "Glucose biscuits" in str(message["body"])
    wait_for(lambda: desk.state("OUT-1", "sms") == ["delivered"])


def test_a_report_of_failure_goes_on_by_the_next_channel(desk):
    desk.provider.script("sms", {"fail": FAILED[desk.vendor]})
    send(desk, "failing", "OUT-2")
    wait_for(lambda: desk.state("OUT-2", "sms") == ["failed"])
    wait_for(lambda: desk.taken("OUT-2", "email"))


def test_what_is_refused_says_with_which_code(desk):
    desk.provider.script("sms", {"refuse": REFUSED[desk.vendor]})
    desk.tell("queue refused sms OUT-3")
    why = wait_for(lambda: [m["why"] for m in desk.messages("OUT-3", "sms").values() if m["why"]])[0]
    assert str(REFUSED[desk.vendor]) in why
    if desk.vendor == "gupshup":  # user or password: the channel rests until somebody looks
        desk.tell("sql DELETE FROM channel_pause")


def test_without_an_answer_it_is_not_sent_again_and_its_report_tells_where_it_can(desk):
    desk.provider.script("sms", {"drop": True})
    message = send(desk, "dropped", "OUT-4")
    known = {"exotel": ["delivered"]}.get(desk.vendor, ["sending"])
    wait_for(lambda: desk.state("OUT-4", "sms") == known)
    assert desk.provider.settle() == []
    assert desk.state("OUT-4", "sms") == known
    assert [m["to"] for m in desk.provider.taken("sms")].count(message["to"]) == 1


def test_reports_told_again_or_of_nobody_change_nothing(desk):
    message = send(desk, "again", "OUT-5")
    wait_for(lambda: desk.state("OUT-5", "sms") == ["delivered"])
    assert report(desk, message) == 200
    assert report(desk, message, FAILED[desk.vendor]) == 200  # late, and out of order
    assert desk.state("OUT-5", "sms") == ["delivered"]
    assert report(desk, {**message, "provider_id": "nobody-1",
                         "body": {"CustomField": "nobody"}}) == 200


def test_only_the_key_of_this_distributor_and_vendor_is_believed(desk):
    desk.provider.hooks["sms"] = None
    message = send(desk, "keyed", "OUT-6")
    wait_for(lambda: desk.state("OUT-6", "sms") == ["sent"])
    key = desk.path.split("key=")[1]
    other = next(vendor for vendor in USER if vendor != desk.vendor)
    before = desk.metric("sms", "refused")
    for path in (desk.path[:-1] + ("0" if key[-1] != "0" else "1"), desk.path.split("?")[0],
                 desk.path.replace("/acme/", "/nobody/"), desk.path.replace(desk.vendor, other)):
        assert report(desk, message, path=path) == 401
    assert desk.metric("sms", "refused") == before + 4
    assert desk.state("OUT-6", "sms") == ["sent"]
    assert key not in "".join(desk.relay.lines)
    assert report(desk, message) == 200
    assert desk.state("OUT-6", "sms") == ["delivered"]


def test_bodies_are_bounded_and_of_the_vendors_form(desk):
    def status(raw, media="application/x-www-form-urlencoded"):
        return requests.post(desk.relay.address + desk.path, data=raw, timeout=30,
                             headers={"Content-Type": media}).status_code
    assert status(b"x" * 70_000) == 413
    assert status(b"a=1", "text/plain") == 415
    for raw in (b"", b"a=1", b"\x00", b"data=%zz", b"response=1"):
        assert status(raw) == 400
