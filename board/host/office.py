# SPDX-License-Identifier: Apache-2.0
"""The distributor's people who work with the relay, over its API and nothing else: a clerk who enters
rules, texts, and outlets with what they agreed to; the owner, who decides on offers that are beyond
what agents may do alone; a salesman, who enters what shops order by telephone."""

import http.client
import itertools
import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

import letters

PATIENCE_SECONDS = 60  # that the relay may be away or busy
REASON_MAX = 160
BUSY = (429, 500, 503)

AGENT = "agent:reallocation"  # who proposes offers; the limits that hold for it
ALONE_PERMILLE = 400  # discount up to which it acts alone; value and units are the product's
CONSENT_TEXT = "I agree to offers of the distributor by this channel, until I say STOP."


class Refused(RuntimeError):
    def __init__(self, request, status, problem):
        super().__init__(f"{request}: {status} {problem}")
        self.status = status


class Api:
    """A user of the relay. What it could not say to a relay that is away it says again."""

    def __init__(self, port, tenant, user, password):
        self.port = port
        self.login = {"tenant": tenant, "user": user, "password": password}
        self.token = None
        self.connection = None

    def ask(self, method, path, body=None, **query):
        key = uuid.uuid4().hex
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            if not self.token and path != "/api/v1/login":
                self.token = self.ask("POST", "/api/v1/login", self.login)["accessToken"]
            status, answer = self.once(method, path, body, query, key)
            if status == 401 and self.token:
                self.token = None
            elif 200 <= status < 300:
                return answer
            elif status not in (0, *BUSY):
                raise Refused(f"{method} {path}", status, answer)
            if time.monotonic() > until:
                raise Refused(f"{method} {path}", status, answer)
            if status in (0, *BUSY):
                time.sleep(0.1)

    def once(self, method, path, body, query, key):
        """(status, answer); status 0: there was none."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        target = path + ("?" + urllib.parse.urlencode(query) if query else "")
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            self.connection.request(method, target, None if body is None else json.dumps(body),
                                    headers)
            answer = self.connection.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text else None
        except (OSError, http.client.HTTPException) as problem:
            self.connection = None
            return 0, problem

    def click(self, url):
        """What a mail's reader does to end offers: no user, no key."""
        body = b"List-Unsubscribe=One-Click"
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                with urllib.request.urlopen(url, body, timeout=30):
                    return
            except OSError as problem:  # an HTTPError is one
                answered = isinstance(problem, urllib.error.HTTPError)
                if (answered and problem.code not in BUSY) or time.monotonic() > until:
                    raise
            time.sleep(0.1)

    def rows(self, path, **query):
        """All items of a list."""
        after = {}
        while True:
            page = self.ask("GET", path, limit=500, **query, **after)
            yield from page["items"]
            if not page["next"]:
                return
            after = {"after": page["next"]}


def quoted(text):
    return urllib.parse.quote(text, safe="")


class Clerk:
    def __init__(self, api):
        self.api = api

    def register(self):
        for template, body in letters.registered():
            self.api.ask("PUT", f"/api/v1/templates/{template}", body)

    def set_rule(self, name, value, why, scope=""):
        self.api.ask("PUT", f"/api/v1/settings/{name}",
                     {"value": str(value), "scope": scope, "reason": why})

    def enter(self, outlet):
        """The card of an outlet that was met: where it is reached, and what its form says."""
        for channel, address in outlet.addresses.items():
            self.api.ask("PUT", f"/api/v1/outlets/{quoted(outlet.party)}/contacts/{channel}",
                         {"address": address, "language": outlet.language})
            said = {"agreed": ["granted"], "withdrew": ["granted", "withdrawn"], "none": []}
            for status in said[outlet.form]:
                self.api.ask("POST", f"/api/v1/outlets/{quoted(outlet.party)}/consents",
                             {"channel": channel, "purpose": "marketing", "status": status,
                              "source": "paper form", "textShown": CONSENT_TEXT,
                              "language": outlet.language,
                              "evidence": f"form {outlet.number} {status}"})


class Owner:
    """Looks at each offer that waits for him. He lets go what brings at least half of its cost; what
    brings less he would rather see sold as it lies. Transfers and write-offs that wait he leaves to
    whoever sits at the console."""

    LEAST_SHARE = 0.5

    def __init__(self, api):
        self.api = api
        self.approved = 0
        self.rejected = 0

    def decide(self):
        waiting = self.api.ask("GET", "/api/v1/approvals", limit=500)["items"]
        for asked in waiting:
            if asked["kind"] == "proposal" and asked["action"] == "campaign":
                self.look_at(asked)

    def look_at(self, asked):
        path = f"/api/v1/proposals/{asked['id']}"
        offer = self.api.ask("GET", path)
        good = offer["expectedRevenue"] >= self.LEAST_SHARE * asked["valuePaise"]
        said = {"decision": "accept" if good else "reject",
                "reason": "better than what becomes of it" if good else "it brings too little"}
        try:
            self.api.ask("POST", path + "/decision", said)
        except Refused as problem:  # it was withdrawn while he read it
            if problem.status not in (409, 422):
                raise
            return
        self.approved += good
        self.rejected += not good


class Salesman:
    """Enters what a shop says on the telephone, for the offer that it got."""

    def __init__(self, api):
        self.api = api
        self.numbers = itertools.count(1)

    def order(self, site, offer, units):
        """Enters nothing where there is no such offer any more."""
        running = [c for c in self.api.rows("/api/v1/campaigns", state="running")
                   if c["site"] == site and c["skus"] == [offer.sku]
                   and c["expiryDate"] == offer.expiry and offer.party in c["targetRetailers"]]
        if not running:
            return
        try:
            self.api.ask("POST", "/api/v1/orders", {
                "document": f"TEL-{next(self.numbers):04d}", "kind": "sale", "site": site,
                "party": offer.party, "campaignId": running[0]["campaignId"],
                "lines": [{"sku": offer.sku, "quantity": units}]})
        except Refused as problem:  # all of it is promised, or it ended while they spoke
            if problem.status != 409:
                raise
