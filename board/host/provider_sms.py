# SPDX-License-Identifier: Apache-2.0
"""The forms of SMS, as the double of the providers speaks them: our own contract, and the gateways
MSG91, Exotel and Gupshup in the shapes of their public pages."""

import json
import urllib.parse

FORM = "application/x-www-form-urlencoded"


def packed(body):
    return json.dumps(body).encode()


class Contract:
    """Ours: it names our message id everywhere, and answers a message that comes again as before."""
    channel = "sms"
    answers_again = True
    media = report_media = "application/json"

    def read(self, headers, raw):
        """Of a request: our message id, the number, all of it."""
        body = json.loads(raw)
        return body["message_id"], body["to"], body

    def accept(self, message):
        return 200, packed({"accepted": True, "provider_id": message["provider_id"]})

    def refuse(self, code):
        return 200, packed({"accepted": False, "code": str(code)})

    def reports(self, message, instant, fate, dice):
        return [packed({"provider_id": message["provider_id"], "message_id": message["message_id"],
                        "status": "failed" if "fail" in fate else "delivered",
                        "code": str(fate.get("fail", "")) or "0",
                        "at": instant.isoformat(), "parts": 1})]


def reply(inbound_id, sender, text, instant):
    """By our contract."""
    return packed({"inbound_id": inbound_id, "from": sender, "body": text, "at": instant.isoformat()})


class Gateway:
    """How one vendor is spoken to, answers and reports; what it has of a message is what it was sent:
    our message id only where it is given it. Each knows a try anew, and sends it."""
    channel = "sms"
    answers_again = False
    media = "application/json"
    report_media = FORM

    def read(self, headers, raw):
        """Of a request: our message id or what stands for it, the number, all of it."""
        form = dict(urllib.parse.parse_qsl(raw.decode()))
        return self.name_of(form), form[self.to], form

    def reports(self, message, instant, fate, dice):
        return [self.report(message, instant, fate.get("fail"))]


class Msg91(Gateway):
    def read(self, headers, raw):
        body = json.loads(raw)
        to = body["recipients"][0]["mobiles"]
        assert headers["authkey"]
        return f"msg91:{to}", to, body

    def accept(self, message):
        return 200, packed({"type": "success", "message": message["provider_id"]})

    def refuse(self, code):
        return 200, packed({"type": "error", "code": str(code), "message": "no"})

    def report(self, message, instant, failed):
        return urllib.parse.urlencode({"data": json.dumps([{
            "senderId": "EXAMPL", "requestId": message["provider_id"], "userId": "1",
            "report": [{"date": instant.strftime("%Y-%m-%d %H:%M:%S"), "number": message["to"],
                        "credit": "1", "status": failed or "1",
                        "desc": "FAILED" if failed else "DELIVERED"}]}])}).encode()


class Exotel(Gateway):
    to = "To"

    def name_of(self, form):
        return form["CustomField"]

    def read(self, headers, raw):
        assert headers["Authorization"].startswith("Basic ")
        return super().read(headers, raw)

    def accept(self, message):
        return 200, packed({"SMSMessage": {"Sid": message["provider_id"], "Status": "queued"}})

    def refuse(self, code):
        return code, packed({"RestException": {"Status": code, "Message": "no"}})

    def report(self, message, instant, failed):
        return urllib.parse.urlencode({
            "SmsSid": message["provider_id"], "To": message["to"], "SmsUnits": 1,
            "Status": "failed" if failed else "sent", "DetailedStatusCode": failed or 20005,
            "DateSent": instant.strftime("%Y-%m-%d %H:%M:%S"),
            "CustomField": message["body"]["CustomField"]}).encode()


class Gupshup(Gateway):
    to = "send_to"
    media = "text/plain"

    def name_of(self, form):
        assert form["method"] == "SendMessage" and form["userid"] and form["password"]
        return f"gupshup:{form['send_to']}"

    def accept(self, message):
        return 200, f"success | 919800000000 | {message['provider_id']}".encode()

    def refuse(self, code):
        return 200, f"error | {code} | no".encode()

    def report(self, message, instant, failed):
        return urllib.parse.urlencode({"response": json.dumps([{
            "externalId": message["provider_id"], "eventType": "FAILED" if failed else "DELIVERED",
            "eventTs": int(instant.timestamp() * 1000), "destAddr": message["to"],
            "srcAddr": "EXAMPL", "cause": "UNKNOWN" if failed else "SUCCESS",
            "errCode": failed or "000", "channel": "SMS", "noOfFrags": "1"}])}).encode()


GATEWAYS = {"msg91": Msg91(), "exotel": Exotel(), "gupshup": Gupshup()}
