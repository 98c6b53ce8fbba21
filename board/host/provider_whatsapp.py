# SPDX-License-Identifier: Apache-2.0
"""The form of the WhatsApp Cloud API, as the double of the providers speaks it: a message, its answers,
and what Meta's webhooks say of statuses, replies and preferences."""

import json

SERVER_ERRORS = {1, 2, 131000, 131016}  # answered with 500, the other codes with 400


class CloudApi:
    channel = "whatsapp"
    answers_again = False
    media = report_media = "application/json"

    def read(self, headers, raw):
        """Of a request: our message id, the number, all of it."""
        body = json.loads(raw)
        return body["biz_opaque_callback_data"], body["to"], body

    def accept(self, message):
        to = message["to"]
        return 200, json.dumps({
            "messaging_product": "whatsapp", "contacts": [{"input": to, "wa_id": to}],
            "messages": [{"id": message["provider_id"], "message_status": "accepted"}]}).encode()

    def refuse(self, code):
        return 500 if code in SERVER_ERRORS else 400, json.dumps(
            {"error": {"message": "no", "type": "OAuthException", "code": code}}).encode()

    def reports(self, message, instant, fate, dice):
        told = ["sent", "failed"] if "fail" in fate else ["sent", "delivered"]
        if told[-1] == "delivered" and not fate.get("unread"):
            told.append("read")
        dice.shuffle(told)  # any order
        return [status(message["provider_id"], each, instant, message["message_id"],
                       fate.get("fail") if each == "failed" else None)
                for each in told + told[:1]]  # and at least once


def seconds(instant):
    return int(instant.timestamp())


def change(field, value):
    value = {"messaging_product": "whatsapp",
             "metadata": {"display_phone_number": "912200000000", "phone_number_id": "5566"},
             **value}
    return json.dumps({"object": "whatsapp_business_account", "entry": [
        {"id": "1002", "changes": [{"field": field, "value": value}]}]}).encode()


def status(provider_id, state, instant, message_id=None, code=None):
    item = {"id": provider_id, "status": state, "timestamp": str(seconds(instant))}
    if message_id:
        item["biz_opaque_callback_data"] = message_id
    if code:
        item["errors"] = [{"code": code, "title": "failed"}]
    return change("messages", {"statuses": [item]})


def reply(inbound_id, sender, text, instant, payload=None, answers=None):
    """With a payload a button was pressed; answers is the provider's id of the message it is about."""
    message = {"from": sender, "id": f"wamid.{inbound_id}", "timestamp": str(seconds(instant))}
    if payload:
        message.update(type="button", button={"payload": payload, "text": text})
    else:
        message.update(type="text", text={"body": text})
    if answers:
        message["context"] = {"id": answers}
    return change("messages", {"messages": [message]})


def preference(sender, value, instant):
    return change("user_preferences", {"user_preferences": [
        {"wa_id": sender, "category": "marketing_messages", "value": value,
         "timestamp": seconds(instant)}]})
