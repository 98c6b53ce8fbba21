# SPDX-License-Identifier: GPL-3.0-or-later
"""What providers call back, over HTTP to a real relayd on both stores: the double takes messages
from its sender and tells its API what became of them."""

import json
import re
import subprocess
import time

import pytest
import requests

import provider as double
import provider_whatsapp
from provider_callbacks import signature
from relay_api import Client, check_answer, operation_of
from relay_under_test import Postgres
from relayd_under_test import Relay, wait_for

NOON = 20800 * 86_400_000 - 19_800_000 + 43_200_000  # 2026-12-13, of an Indian civil day
CATALOGUE = ("sku,name,brand,category,hsn,unit,expiry_kind,shelf_life_days,cost,price,mrp,volume_ml,"
             "piece_units,case_units\n"
             "BISC-80,Biscuits,Suraj,biscuits,19053100,piece,best_before,180,7.00,8.40,10.00,240,1,144\n")
PARTIES = ("party,kind,name,gstin,territory\n"
           + "".join(f"OUT-{n},outlet,Shop {n},,North\n" for n in range(1, 31))
           + "WH-1,site,Nagpur,27AAPFU0939F1ZV,North\n")
STOCK = ("sql INSERT INTO stock(site, sku, batch, expiry_day, mrp_paise, status, bin, device, qty)"
         " VALUES('WH-1', 'BISC-80', 'L1', 20900, 1000, 0, 'A-01', 'wh-1', 100)")


class Desk:
    """A tenant whose messages go to the double, and whose outlets answer through it."""

    def __init__(self, build, folder, postgres, account=lambda provider: {}):
        self.build, self.folder = build, folder
        self.provider = double.Provider(seed=5, secret="app-secret", shares={"unread": 0})
        self.provider.open_account(folder / "channels", "acme", **account(self.provider))
        self.relay = Relay(build, folder, postgres=postgres, user_per_s=1000, settings={
            "relay.role": "agents,api,send",
            "clock.source": f"lapse:{NOON}:10000:{time.monotonic_ns() // 1_000_000}",
            "channels.folder": folder / "channels",
            "channels.url": "https://relay.example"})
        for way in ("whatsapp", "sms", "email"):
            self.provider.hooks[way] = self.hook(way)
        self.owner = Client(self.relay, "acme", "owner")
        self.tell("setup 30")
        for kind, text in (("catalogue", CATALOGUE), ("parties", PARTIES)):
            answer = self.owner.put(f"/api/v1/documents/{kind}", {"csv": text, "reason": "the first"})
            assert answer.status_code == 200, answer.text

    def hook(self, way, tenant="acme"):
        return f"{self.relay.address}/webhooks/v1/{way}/{tenant}"

    def tell(self, *lines):
        peer = subprocess.Popen([self.build / "tests/peer/sender_peer", self.relay.owner_store,
                                 "acme", self.provider.whatsapp_url, self.provider.sms_url,
                                 self.provider.smtp_url],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        out, _ = peer.communicate("".join(line + "\n" for line in lines), timeout=60)
        assert out.split() == ["ready"] + ["ok"] * len(lines)

    def messages(self, party, channel):
        items = self.owner.get("/api/v1/messages", channel=channel, limit=500).json()["items"]
        return {m["messageId"]: m for m in items if m["party"] == party}

    def state(self, party, channel):
        return [m["state"] for m in self.messages(party, channel).values()]

    def taken(self, party, channel):
        ids = self.messages(party, channel)
        return [m for m in self.provider.taken(channel) if m["message_id"] in ids]

    def send(self, key, channel, party):
        self.tell(f"queue {key} {channel} {party}")
        return wait_for(lambda: self.taken(party, channel))[-1]

    def consent(self, party, channel):
        consents = self.owner.get(f"/api/v1/outlets/{party}").json()["consents"]
        return {(c["status"], c["version"]) for c in consents if c["channel"] == channel}

    def trail(self, party):
        items = self.owner.get("/api/v1/audit", limit=500).json()["items"]
        return [e for e in items if e["type"] == "ConsentRecorded" and e["subject"] == f"party:{party}"]

    def metric(self, channel, result):
        reader = Client(self.relay)
        reader.token = "metrics-token"
        text = reader.get("/metrics").text
        return int(text.split(f'relay_callbacks_total{{channel="{channel}",result="{result}"}} ')[1]
                   .split()[0])

    def post(self, way, raw, secret="app-secret", media="application/json", tenant="acme", **headers):
        """By hand; the answer is held against the document."""
        sent = {"Content-Type": media, "X-Hub-Signature-256": signature(secret, raw), **headers}
        answer = requests.post(self.hook(way, tenant), data=raw, headers=sent, timeout=30)
        check_answer(operation_of("POST", f"/webhooks/v1/{way}/{tenant}"), answer)
        return answer

    def end(self):
        self.provider.close()
        self.relay.end()


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def desk(request, build, tmp_path_factory):
    server = Postgres() if request.param == "postgres" else None
    if server and not server.address:
        server.end()
        pytest.skip("no PostgreSQL here")
    one = Desk(build, tmp_path_factory.mktemp("desk"), server)
    yield one
    one.end()
    if server:
        server.end()


def reply_body(sender, text, id="wamid.in1", **more):
    message = {"from": sender, "id": id, "timestamp": str(NOON // 1000), "type": "text",
               "text": {"body": text}, **more}
    return provider_whatsapp.change("messages", {"messages": [message]})


def status_body(message, status, **more):
    item = {"id": message["provider_id"], "status": status, "timestamp": str(NOON // 1000), **more}
    return provider_whatsapp.change("messages", {"statuses": [item]})


def test_meta_gets_its_challenge_back_with_the_right_token_alone(desk):
    ask = {"hub.mode": "subscribe", "hub.verify_token": "verify-me", "hub.challenge": "1158201444"}
    reader = Client(desk.relay)
    answer = reader.get("/webhooks/v1/whatsapp/acme", **ask)
    assert answer.status_code == 200 and answer.text == "1158201444"
    assert answer.headers["Content-Type"].startswith("text/plain")
    for wrong in ({"hub.verify_token": "verify-you"}, {"hub.mode": "unsubscribe"}):
        assert reader.get("/webhooks/v1/whatsapp/acme", **{**ask, **wrong}).status_code == 403
    assert reader.get("/webhooks/v1/whatsapp/nobody", **ask).status_code == 403
    assert reader.get("/webhooks/v1/whatsapp/acme").status_code == 400


def test_a_message_is_sent_delivered_and_read(desk):
    desk.send("read-1", "whatsapp", "OUT-1")
    wait_for(lambda: desk.state("OUT-1", "whatsapp") == ["read"])
    assert desk.provider.settle() == []
    assert desk.state("OUT-1", "whatsapp") == ["read"]


def test_receipts_in_any_order_and_again_change_nothing(desk):
    desk.provider.hooks["whatsapp"] = None  # by hand, this once
    message = desk.send("order-1", "whatsapp", "OUT-2")
    desk.provider.hooks["whatsapp"] = desk.hook("whatsapp")
    for status in ("read", "sent", "delivered", "read", "delivered"):
        assert desk.post("whatsapp", status_body(message, status)).status_code == 200
        assert desk.state("OUT-2", "whatsapp") == ["read"]


def test_a_failed_message_goes_on_by_the_next_channel(desk):
    desk.provider.script("whatsapp", {"fail": 131026})
    desk.send("fail-1", "whatsapp", "OUT-3")
    wait_for(lambda: desk.state("OUT-3", "whatsapp") == ["failed"])
    wait_for(lambda: desk.state("OUT-3", "sms") == ["delivered"])
    contact = {c["channel"]: c["state"]
               for c in desk.owner.get("/api/v1/outlets/OUT-3").json()["contacts"]}
    assert contact["whatsapp"] == "unreachable" and contact["sms"] == "active"


def test_an_sms_is_reported(desk):
    desk.send("sms-1", "sms", "OUT-4")
    wait_for(lambda: desk.state("OUT-4", "sms") == ["delivered"])


@pytest.mark.parametrize("channel,party", [("whatsapp", "OUT-5"), ("sms", "OUT-6")])
def test_stop_withdraws_consent_and_calls_off_what_waits(desk, channel, party):
    tomorrow = NOON + 86_400_000
    desk.tell(f"sql INSERT INTO outbox(message_id, idempotency_key, channel, purpose, party, template,"
              " language, variables, state, rank, attempts, due_ms, made_ms, changed_ms, lease_ms,"
              f" provider_id, why, cause) VALUES('W-{party}', 'wait-{party}', '{channel}', 'marketing',"
              f" '{party}', 'near_expiry_offer', '', '{{}}', 'queued', 80, 0, {tomorrow}, 1, 1, 0, '',"
              " '', 'test')")
    assert desk.consent(party, channel) == {("granted", 1)}
    sender = f"9198{int(party[4:]):08}"
    reply = desk.provider.reply if channel == "whatsapp" else desk.provider.sms_reply
    reply(sender, "Stop please")
    wait_for(lambda: desk.consent(party, channel) == {("withdrawn", 2)})
    held = desk.messages(party, channel)[f"W-{party}"]
    assert (held["state"], held["why"]) == ("blocked", "no_consent: withdrawn")
    record = desk.trail(party)
    assert len(record) == 1
    assert sender not in json.dumps(record)


def test_a_repeated_stop_does_not_undo_a_later_start(desk):
    stop = reply_body("919800000007", "STOP", id="wamid.stop7")
    for body in (stop, stop, reply_body("919800000007", "START", id="wamid.start7"), stop):
        assert desk.post("whatsapp", body).status_code == 200
    assert desk.consent("OUT-7", "whatsapp") == {("granted", 3)}
    late = reply_body("919800000008", "start", id="wamid.start8", timestamp=str(NOON // 1000 - 60))
    assert desk.post("whatsapp", reply_body("919800000008", "STOP", id="w.8")).status_code == 200
    assert desk.post("whatsapp", late).status_code == 200  # meant before the STOP
    assert desk.consent("OUT-8", "whatsapp") == {("withdrawn", 2)}


def test_a_preference_in_the_app_is_kept(desk):
    desk.provider.preference("919800000009", "stop")
    wait_for(lambda: desk.consent("OUT-9", "whatsapp") == {("withdrawn", 2)})


@pytest.mark.parametrize("status,state", [("5.1.1", "unreachable"), ("5.2.2", "active")])
def test_a_mail_that_bounces_is_failed(desk, status, state):
    party = "OUT-10" if state == "unreachable" else "OUT-11"
    message = desk.send(f"mail-{party}", "email", party)
    desk.provider.bounce(message, status)
    wait_for(lambda: desk.state(party, "email") == ["failed"])
    assert status in next(iter(desk.messages(party, "email").values()))["why"]
    contact = {c["channel"]: c["state"]
               for c in desk.owner.get(f"/api/v1/outlets/{party}").json()["contacts"]}
    assert contact["email"] == state


def test_a_mail_is_reported_delivered_and_a_complaint_withdraws(desk):
    message = desk.send("mail-12", "email", "OUT-12")
    desk.provider.bounce(message, "2.0.0", "delivered")
    wait_for(lambda: desk.state("OUT-12", "email") == ["delivered"])
    for _ in range(2):
        desk.provider.complain(message)
    assert desk.provider.settle() == []
    assert desk.consent("OUT-12", "email") == {("withdrawn", 2)} and len(desk.trail("OUT-12")) == 1


def test_a_campaign_is_planned_and_nothing_is_written(desk):
    lot = {"site": "WH-1", "sku": "BISC-80", "batch": "L9", "expiryDate": "2027-01-22",
           "mrpPaise": 1000, "units": 60}
    none = desk.owner.get("/api/v1/campaign-plan", **lot)
    assert none.status_code == 422 and "none of the lot" in none.json()["detail"]
    desk.tell(STOCK.replace("'L1', 20900", "'L9', 20840"),
              *[f"sql INSERT INTO outlet_sale(outlet, sku, day, site, units, returned, value_paise)"
                f" VALUES('OUT-{n}', 'BISC-80', 20780, 'WH-1', 48, 0, 40320)" for n in (25, 26, 27)])

    def written():
        campaigns = desk.owner.get("/api/v1/campaigns", limit=500).json()["items"]
        queued = desk.owner.get("/api/v1/messages", limit=500).json()["items"]
        return len(campaigns), len([m for m in queued if m["party"] in ("OUT-25", "OUT-26", "OUT-27")])

    before = written()
    plan = desk.owner.get("/api/v1/campaign-plan", **lot).json()
    arms = {a["outlet"]: a["arm"] for a in plan["audience"]}
    assert len(arms) == 30 and plan["offers"] + plan["holdouts"] >= 3
    assert plan["offers"] == list(arms.values()).count("offer") > 0
    assert plan["floorPaise"] <= plan["pricePaise"] <= plan["ceilingPaise"] <= 840
    assert plan["pricePaise"] < 840
    assert sum(m["messages"] for m in plan["messages"]) == plan["offers"]
    assert plan["costPaise"] == sum(m["costPaise"] for m in plan["messages"]) > 0
    assert 0 < plan["expectedUnits"] <= 60
    assert plan["expectedRevenuePaise"] == plan["expectedUnits"] * plan["pricePaise"]
    assert written() == before

    def owes(outlet, outstanding, overdue=0):
        answer = desk.owner.put(f"/api/v1/outlets/{outlet}/credit", {
            "outstandingPaise": outstanding, "limitPaise": 100_000, "overdueDays": overdue,
            "asOfDate": "2026-12-12", "reason": "books of the day"})
        assert answer.status_code == 200, answer.text

    owes("OUT-25", 100_000)
    owes("OUT-26", 0, overdue=31)
    owes("OUT-27", 100_000 - 5 * plan["pricePaise"])
    of = {a["outlet"]: a for a in desk.owner.get("/api/v1/campaign-plan",
                                                 **{**lot, "units": 90}).json()["audience"]}
    assert (of["OUT-25"]["arm"], of["OUT-25"]["reason"]) == ("out", "owes as much as it may")
    assert (of["OUT-26"]["arm"], of["OUT-26"]["reason"]) == ("out", "its bills are overdue")
    if of["OUT-27"]["arm"] == "offer":
        assert of["OUT-27"]["mostUnits"] == 5
        assert of["OUT-27"]["reason"] == "as much as its credit allows"
    for outlet in ("OUT-25", "OUT-26", "OUT-27"):
        owes(outlet, 0)
    shallow = desk.owner.get("/api/v1/campaign-plan", **lot, discountPermille=50).json()
    assert shallow["discountPercentage"] <= 5 < plan["discountPercentage"]
    assert desk.owner.get("/api/v1/campaign-plan", **{**lot, "site": "WH-7"}).status_code == 404


def test_an_answer_becomes_an_order_of_the_campaign_once(desk):
    desk.tell(STOCK)
    made = desk.owner.post("/api/v1/campaigns", {
        "sku": "BISC-80", "sourceSite": "WH-1", "batch": "L1", "expiryDate": "2027-03-23",
        "mrpPaise": 1000, "units": 60, "pricePaise": 760, "channels": ["whatsapp", "sms"],
        "template": "near_expiry_offer", "targetRetailers": ["OUT-20", "OUT-21"],
        "holdoutPermille": 0, "startDate": "2026-12-13", "endDate": "2026-12-20",
        "reason": "near its date"})
    assert made.status_code == 201, made.text
    campaign = made.json()["campaignId"]
    answer = desk.owner.post(f"/api/v1/campaigns/{campaign}/decision",
                             {"decision": "approve", "reason": "good"})
    assert answer.status_code == 200, answer.text
    wait_for(lambda: desk.taken("OUT-20", "whatsapp") and desk.taken("OUT-21", "whatsapp"))
    pressed = reply_body("919800000020", "Order", id="wamid.o20", type="button",
                         button={"payload": f"ORDER:{campaign}:OUT-20", "text": "Order"})
    said = reply_body("919800000021", "YES 24", id="wamid.o21")
    for body in (pressed, said, pressed, said):
        assert desk.post("whatsapp", body).status_code == 200

    def targets():
        shown = desk.owner.get(f"/api/v1/campaigns/{campaign}").json()
        return {t["outlet"]: t["orderedUnits"] for t in shown["targets"]}

    wait_for(lambda: targets() == {"OUT-20": 1, "OUT-21": 24})
    orders = [o for o in desk.owner.get("/api/v1/orders", limit=500).json()["items"]
              if o["document"].startswith(f"{campaign}-")]
    assert {(o["party"], o["quantity"]) for o in orders} == {("OUT-20", 1), ("OUT-21", 24)}
    assert all(o["cause"] == f"campaign:{campaign}" and o["pricePaise"] == 760 for o in orders)


def test_one_click_unsubscribes_and_looking_at_the_page_does_not(desk):
    mail = desk.send("mail-13", "email", "OUT-13")["body"]["text"].replace("\r\n ", " ")
    headers = dict(line.split(": ", 1) for line in mail.split("\r\n\r\n")[0].split("\r\n"))
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = re.fullmatch(r"<https://relay\.example(/u/acme/[0-9a-f-]+)>, <mailto:u\+[0-9a-f-]+"
                        r"@example\.in>", headers["List-Unsubscribe"])[1]
    reader = Client(desk.relay)
    for _ in range(2):
        page = reader.get(link)
        assert page.status_code == 200 and page.headers["Content-Type"].startswith("text/html")
        assert '<button>' in page.text and 'method="post"' in page.text and 'lang="en"' in page.text
        assert "form-action 'self'" in page.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in page.headers
    assert desk.consent("OUT-13", "email") == {("granted", 1)}

    def click(path, form):
        answer = requests.post(desk.relay.address + path, timeout=30, allow_redirects=False, **form)
        check_answer(operation_of("POST", path), answer)
        return answer

    plain = {"data": {"List-Unsubscribe": "One-Click"}}
    forged = link[:-1] + ("0" if link[-1] != "0" else "1")
    assert click(forged, plain).status_code == 404
    assert click(link.replace("/acme/", "/blue/"), plain).status_code == 404
    assert click(link, {"data": {"List-Unsubscribe": "no"}}).status_code == 400
    assert desk.consent("OUT-13", "email") == {("granted", 1)}
    for form in ({"files": {"List-Unsubscribe": (None, "One-Click")}}, plain):
        assert click(link, form).status_code == 200
        assert desk.consent("OUT-13", "email") == {("withdrawn", 2)}
    assert len(desk.trail("OUT-13")) == 1
    desk.tell("queue mail-13b email OUT-13")
    wait_for(lambda: sorted(desk.state("OUT-13", "email")) == ["blocked", "sent"])


def test_a_mail_to_the_address_in_the_header_unsubscribes(desk):
    message = desk.send("mail-14", "email", "OUT-14")
    for _ in range(2):
        desk.provider.unsubscribe(message)
    wait_for(lambda: desk.consent("OUT-14", "email") == {("withdrawn", 2)})
    assert desk.provider.settle() == []
    assert desk.consent("OUT-14", "email") == {("withdrawn", 2)} and len(desk.trail("OUT-14")) == 1
    forged = (b"To: <u+4f55542d3135-20800-00000000000000000000000000000000@example.in>\r\n\r\n-\r\n")
    assert desk.post("email", forged, media="message/rfc822").status_code == 200
    assert desk.consent("OUT-15", "email") == {("granted", 1)}


def test_an_sms_that_may_mean_two_offers_is_asked_about_and_its_letter_tells(desk):
    desk.tell(STOCK.replace("'L1', 20900", "'L6', 20910"))

    def offer(batch, expiry):
        made = desk.owner.post("/api/v1/campaigns", {
            "sku": "BISC-80", "sourceSite": "WH-1", "batch": batch, "expiryDate": expiry,
            "mrpPaise": 1000, "units": 60, "pricePaise": 760, "channels": ["sms"],
            "template": "near_expiry_offer", "targetRetailers": ["OUT-28"], "holdoutPermille": 0,
            "startDate": "2026-12-13", "endDate": "2026-12-20", "reason": "near its date"})
        campaign = made.json()["campaignId"]
        assert desk.owner.post(f"/api/v1/campaigns/{campaign}/decision",
                               {"decision": "approve", "reason": "good"}).status_code == 200
        return campaign

    def texts():
        return [m["body"]["body"] for m in desk.provider.taken("sms") if m["to"] == "919800000028"]

    def ordered(campaign):
        return desk.owner.get(f"/api/v1/campaigns/{campaign}").json()["targets"][0]["orderedUnits"]

    first, second = offer("L6", "2027-04-02"), offer("L7", "2027-04-03")
    desk.tell(STOCK.replace("'L1', 20900", "'L7', 20911"))
    wait_for(lambda: len(texts()) == 2)
    letters = [re.search(r"reply ([A-Z]) and how many", text)[1] for text in texts()]
    assert sorted(letters) == ["A", "B"]
    desk.provider.sms_reply("919800000028", "24")
    wait_for(lambda: any("Several offers" in text for text in texts()))
    assert (ordered(first), ordered(second)) == (0, 0)
    desk.provider.sms_reply("919800000028", "b 24")
    wait_for(lambda: sorted((ordered(first), ordered(second))) == [0, 24])


def test_a_wrong_signature_is_refused_counted_and_not_logged(desk):
    raw = reply_body("919800000022", "STOP secret-words", id="wamid.forged")
    before = desk.metric("whatsapp", "refused")
    assert desk.post("whatsapp", raw, secret="guessed").status_code == 401
    assert desk.post("whatsapp", raw + b" ", **{"X-Hub-Signature-256": signature(
        "app-secret", raw)}).status_code == 401
    assert desk.post("whatsapp", raw, **{"X-Hub-Signature-256": "sha256="}).status_code == 401
    assert desk.post("whatsapp", raw, tenant="nobody").status_code == 401
    assert desk.metric("whatsapp", "refused") == before + 4
    assert desk.consent("OUT-22", "whatsapp") == {("granted", 1)}
    log = "".join(desk.relay.lines)
    assert "secret-words" not in log and "app-secret" not in log and "919800000022" not in log


def test_a_secret_that_others_may_read_is_none(desk):
    path = desk.folder / "channels" / "acme" / "sms.callback_secret"
    raw = json.dumps({"inbound_id": "i-1", "from": "919800000023", "body": "STOP"}).encode()
    path.chmod(0o644)
    try:
        assert desk.post("sms", raw).status_code == 401
    finally:
        path.chmod(0o600)
    assert desk.consent("OUT-23", "sms") == {("granted", 1)}
    assert desk.post("sms", raw).status_code == 200
    assert desk.consent("OUT-23", "sms") == {("withdrawn", 2)}


def test_bodies_are_bounded_and_of_their_form(desk):
    assert desk.post("sms", b"x" * 40_000).status_code == 413
    assert desk.post("whatsapp", b"{}", media="text/plain").status_code == 415
    before = desk.metric("whatsapp", "malformed")
    for raw in (b"{}", b"[]", b"\x00", b'{"entry":1}'):
        assert desk.post("whatsapp", raw).status_code == 400
    assert desk.metric("whatsapp", "malformed") == before + 4
    assert desk.post("email", b"no mail", media="message/rfc822").status_code == 400
    unknown = json.dumps({"entry": [{"changes": [{"field": "new", "value": {"x": 1}}]}]}).encode()
    assert desk.post("whatsapp", unknown).status_code == 200


def test_claims_are_made_listed_and_revoked_by_an_operator(desk):
    ctl = desk.relay.ctl
    code = ctl("claim", "create", "acme", "wh-2", "WH-1").strip()
    assert re.fullmatch(r"acme(\.|-[0-9A-Z]{4}|[0-9A-Z]{4})+", code)
    assert ",open" in ctl("claim", "list", "acme") and code not in ctl("claim", "list", "acme")
    assert ctl("claim", "revoke", "acme", "wh-2").strip() == "1"
    assert ",over" in ctl("claim", "list", "acme")
