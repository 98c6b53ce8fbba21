/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/channel_case.h -- outlets and offers in a test of the relay on both engines. */
#pragma once

#include "relay_case.h"

#include "channel_offer.h"

static inline const char *channel_outlet(struct sql *s, int n, char party[CONTACT_PARTY_SIZE])
{
    snprintf(party, CONTACT_PARTY_SIZE, "OUT-%d", n);
    assert_in_range(channel_offer_outlet(s, n), 0, 1);
    return party;
}

static inline int channel_queue(struct sql *s, const char *key, enum message_channel channel,
                                const char *party, const char *cause, char id[OUTBOX_ID_SIZE])
{
    struct outbox_draft d = channel_offer_draft(key, channel, party, cause);
    return outbox_queue(s, &d, CHANNEL_NOON, id);
}
