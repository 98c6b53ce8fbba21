# SPDX-License-Identifier: Apache-2.0
"""What the demo's messages say: texts as the distributor has registered them with his providers, and
how a shop reads one that has come."""

import email
import email.policy
import re

OFFER, ORDER = "near_expiry_offer", "order_taken"  # the names that the relay's agents send by
OFFER_FIELDS = "outlet,sku,batch,expiry,mrp,usual,offer,most,until"
SMS_FIELDS = "sku,expiry,mrp,offer,most,until,reply"
ORDER_FIELDS = "sku,units,offer"

# template, channel, language, provider's name, category, fields, body
TEXTS = [
    (OFFER, "whatsapp", "en", "short_dated_v1", "marketing", OFFER_FIELDS,
     "{{outlet}}: {{sku}}, batch {{batch}}, expiry {{expiry}}, MRP Rs {{mrp}}. Usual price Rs"
     " {{usual}}, now Rs {{offer}} before tax. At most {{most}} to a shop, till {{until}}. No"
     " return of these goods. Answer YES and how many; STOP for no more offers."),
    (OFFER, "whatsapp", "hi", "short_dated_v1", "marketing", OFFER_FIELDS,
     "{{outlet}}: {{sku}}, बैच {{batch}}, एक्सपायरी {{expiry}}, MRP ₹{{mrp}}। सामान्य मूल्य"
     " ₹{{usual}}, अभी कर से पहले ₹{{offer}}। प्रति दुकान अधिकतम {{most}}, {{until}} तक। यह माल"
     " वापस नहीं होगा। ऑर्डर: YES और संख्या; ऑफ़र बंद: STOP"),
    (OFFER, "sms", "en", "1107000000000000101", "marketing", SMS_FIELDS,
     "{{sku}}, expiry {{expiry}}, MRP Rs {{mrp}}: Rs {{offer}} before tax, max {{most}}, till"
     " {{until}}. No return. Reply {{reply}} and how many, STOP to end offers."),
    (OFFER, "email", "en", "Short-dated stock at a lower price", "marketing", OFFER_FIELDS,
     "{{outlet}}\n\n{{sku}}, batch {{batch}}\nExpiry: {{expiry}}\nMRP: Rs {{mrp}}\nUsual price: Rs"
     " {{usual}}\nOffered at: Rs {{offer}} before tax\nAt most {{most}} to a shop, till {{until}}."
     " These goods are not taken back. To order, call your salesman."),
    (ORDER, "whatsapp", "en", "order_taken_v1", "utility", ORDER_FIELDS,
     "Your order of {{units}} of {{sku}} at Rs {{offer}} before tax is taken."),
    (ORDER, "whatsapp", "hi", "order_taken_v1", "utility", ORDER_FIELDS,
     "आपका ऑर्डर लिया गया: {{sku}}, {{units}}, कर से पहले ₹{{offer}}।"),
    (ORDER, "sms", "en", "1107000000000000103", "utility", ORDER_FIELDS,
     "Your order of {{units}} of {{sku}} at Rs {{offer}} before tax is taken."),
]


def registered():
    """[(template, body of PUT /api/v1/templates/{template})]"""
    return [(template, {"channel": channel, "language": language, "category": category,
                        "providerName": name, "body": body, "variables": fields, "approved": True})
            for template, channel, language, name, category, fields, body in TEXTS]


def offer_text(channel, name):
    """The registered offer of that provider's name, or None: it is something else."""
    return next((text for text in TEXTS
                 if text[0] == OFFER and text[1] == channel and name in (None, text[3])), None)


def pattern(body):
    """Matches any filling of a body."""
    parts = re.split(r"\{\{(\w+)\}\}", body)
    return re.compile("".join(f"(?P<{part}>.+?)" if n % 2 else re.escape(part)
                              for n, part in enumerate(parts)), re.DOTALL)


def read(message):
    """The fields of an offer as the provider's double took it: name -> text; None for anything that
    is no offer."""
    body = message["body"]
    if message["channel"] == "email":
        return read_mail(body["text"])
    if message["channel"] == "sms":
        text = offer_text("sms", body["template_id"])
        values = body["variables"]
    else:
        text = offer_text("whatsapp", body["template"]["name"])
        values = [p["text"] for c in body["template"]["components"] if c["type"] == "body"
                  for p in c["parameters"]]
    return dict(zip(text[5].split(","), values)) if text else None


def way_out(message):
    """The address in a mail that one click ends offers by (RFC 8058)."""
    mail = email.message_from_string(message["body"]["text"], policy=email.policy.default)
    return re.search(r"<(https?://[^>]+)>", mail["List-Unsubscribe"])[1]


def read_mail(text):
    mail = email.message_from_string(text, policy=email.policy.default)
    plain = mail.get_body(("plain",)).get_content().replace("\r\n", "\n").strip()
    found = pattern(offer_text("email", None)[6]).fullmatch(plain)
    return found.groupdict() if found else None
