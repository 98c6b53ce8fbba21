# SPDX-License-Identifier: GPL-3.0-or-later
"""Campaigns and routing as the properties see them, through shim_channels.c."""

import ctypes

from product import TOP, numbers

lib = ctypes.CDLL(str(TOP / "build/release/tests/property/libchannels_shared.so"))
lib.channels_route.restype = None
CHANNELS = ("whatsapp", "sms", "email")
SEVERITIES = ("low", "medium", "high", "critical")


def offer(*terms):
    """None when nothing can be offered; else step, price, discount, floor, ceiling."""
    out = numbers([0] * 5)
    return None if lib.channels_offer(numbers(terms), out) < 0 else list(out)


def audience(campaign, lot, outlets):
    """outlets: party -> 19 numbers. Gives party -> (arm, channel, score, expected, most)."""
    names = (ctypes.c_char_p * max(len(outlets), 1))(*[p.encode() for p in outlets])
    out = numbers([0] * (5 * len(outlets)))
    flat = [n for fields in outlets.values() for n in fields]
    assert lib.channels_audience(campaign.encode(), numbers(lot), ctypes.c_size_t(len(outlets)),
                                 names, numbers(flat), out) == 0
    return {p: tuple(out[5 * i:5 * i + 5]) for i, p in enumerate(outlets)}


def route(kind, severity, territory, level, now_ms, role, territories, who):
    out = numbers([0] * 3)
    lib.channels_route(kind.encode(), severity, territory.encode(), level, ctypes.c_int64(now_ms),
                       role.encode(), territories.encode(), numbers(who), out)
    return bool(out[0]), CHANNELS[out[1]], out[2]


def play(folder, events):
    out = numbers([0] * 11)
    flat = [n for event in events for n in event]
    err = lib.channels_play(str(folder).encode(), ctypes.c_size_t(len(events)), numbers(flat), out)
    assert err == 0, err
    names = ("impressions", "clicks", "conversions", "revenue", "offered", "units", "heldout",
             "heldout_buyers", "heldout_units", "lift", "sold")
    return dict(zip(names, out))
