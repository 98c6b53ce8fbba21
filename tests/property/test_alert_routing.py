# SPDX-License-Identifier: GPL-3.0-or-later
"""Property 13, the telling: to the right people, by role, territory, preference and urgency. That
every breach raises its alert is for the agents' own suites."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

import channels
from product import DAY_MS, start_ms, tagged

# Whose duty an alert is, at first; then the managers; at last the owners.
DUTY = {"low_stock": {"procurement"}, "device_silent": {"technician"}, "sync_behind": {"technician"},
        "negative_stock": {"manager"}, "expiry_30": {"manager"}, "order_overdue": {"field"},
        "transfer_short": {"field", "manager"}, "compliance_gst": {"manager", "auditor"},
        "approval": {"manager"}}
ROLES = ["owner", "manager", "procurement", "field", "technician", "auditor", "agent"]
AREAS = ["west", "north", "south", "we"]
LOW, MEDIUM, HIGH, CRITICAL = range(4)
PERSON = st.fixed_dictionaries({
    "role": st.sampled_from(ROLES), "areas": st.lists(st.sampled_from(AREAS), max_size=2, unique=True),
    "channels": st.integers(0, 7), "least": st.integers(LOW, CRITICAL),
    "channel": st.integers(-1, 2), "from": st.integers(0, 1439), "to": st.integers(0, 1439)})


def duties(kind, level):
    if level == 0:
        return DUTY[kind]
    if level == 2 or kind == "compliance_gst":
        return {"owner"}
    return {"manager", "owner"} if DUTY[kind] == {"manager"} else {"manager"}


def is_quiet(person, minute):
    start, end = person["from"], person["to"]
    return start <= minute < end if start <= end else minute >= start or minute < end


def right(kind, severity, area, level, person):
    return (person["role"] in duties(kind, level) and
            (not area or not person["areas"] or area in person["areas"]) and
            (severity == CRITICAL or severity >= person["least"]) and person["channels"] != 0)


@tagged
def test_the_right_people_are_told_by_role_territory_preference_and_urgency():
    """Feature: vyapar-sahayak-distributor, Property 13: Every breach yields an alert of the right
    urgency, with an action, to the right people by role and preference."""
    reach = Counter()

    @given(st.sampled_from(sorted(DUTY)), st.integers(LOW, CRITICAL), st.sampled_from(["", *AREAS]),
           st.integers(0, 2), st.integers(0, 3 * DAY_MS), st.lists(PERSON, min_size=1, max_size=8))
    def run(kind, severity, area, level, moment, people):
        now = start_ms(20_800) + moment
        for p in people:
            told, channel, due = channels.route(
                kind, severity, area, level, now, p["role"], "+".join(p["areas"]),
                [p["channels"], p["least"], p["channel"], p["from"], p["to"]])
            assert told == right(kind, severity, area, level, p), p
            reach["told" if told else "not told"] += 1
            if not told:
                continue
            bit = channels.CHANNELS.index(channel)
            assert p["channels"] >> bit & 1
            if p["channel"] >= 0 and p["channels"] >> p["channel"] & 1:
                assert bit == p["channel"]
            elif severity >= HIGH and p["channels"] & 1:
                assert channel == "whatsapp"
            elif severity < HIGH and p["channels"] & 4:
                assert channel == "email"
            assert now <= due <= now + DAY_MS
            minute = (due - start_ms(20_800)) // 60_000 % 1440
            if severity == CRITICAL:
                assert due == now
            else:
                assert not is_quiet(p, minute)
                reach["waits for the morning"] += due > now

    run()
    print(dict(reach))
    assert reach["told"] >= 50 and reach["waits for the morning"] >= 10
