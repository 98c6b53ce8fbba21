/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/channel_offer.h -- an offer that every template takes, and outlets that want to hear it. */
#pragma once

#include <stdio.h>

#include "civil.h"
#include "outbox.h"

#define CHANNEL_DAY 20800 /* 2026-12-13 */
#define CHANNEL_NOON (civil_ist_start_ms(CHANNEL_DAY) + INT64_C(43200000))

static const char channel_offer[] =
    "{\"outlet\":\"Shree Stores\",\"sku\":\"Glucose biscuits 80 g\",\"batch\":\"B1\","
    "\"expiry\":\"2027-01-10\",\"mrp\":\"10\",\"usual\":\"9\",\"offer\":\"6.50\","
    "\"most\":\"24\",\"until\":\"2026-12-20\",\"reply\":\"B\"}";

static inline struct outbox_draft channel_offer_draft(const char *key, enum message_channel channel,
                                                      const char *party, const char *cause)
{
    return (struct outbox_draft){.key = key,
                                 .channel = channel,
                                 .purpose = PURPOSE_MARKETING,
                                 .party = party,
                                 .template = TEMPLATE_OFFER,
                                 .language = "",
                                 .variables = channel_offer,
                                 .rank = OUTBOX_RANK_CAMPAIGN,
                                 .cause = cause};
}

static inline int channel_offer_contact(struct sql *s, const char *party,
                                        enum message_channel channel, const char *address)
{
    struct contact c = {.channel = channel, .language = "en"};
    snprintf(c.party, sizeof(c.party), "%s", party);
    snprintf(c.address, sizeof(c.address), "%s", address);
    struct consent_record r = {.party = party,
                               .channel = channel,
                               .purpose = PURPOSE_MARKETING,
                               .status = CONSENT_GRANTED,
                               .source = "paper form",
                               .text_shown = "Offers, please",
                               .language = "en",
                               .evidence = "form 17",
                               .at_ms = 1};
    int err = contact_set(s, &c, 1);
    return err < 0 ? err : consent_append(s, &r);
}

/* OUT-n, on all three channels, with consent. */
static inline int channel_offer_outlet(struct sql *s, int n)
{
    char party[CONTACT_PARTY_SIZE];
    char number[CONTACT_ADDRESS_SIZE];
    char mail[CONTACT_ADDRESS_SIZE];
    snprintf(party, sizeof(party), "OUT-%d", n);
    snprintf(number, sizeof(number), "9198%08d", n);
    snprintf(mail, sizeof(mail), "out%d@shop.example.in", n);
    int err = channel_offer_contact(s, party, CHANNEL_WHATSAPP, number);
    if (err >= 0)
        err = channel_offer_contact(s, party, CHANNEL_SMS, number);
    return err < 0 ? err : channel_offer_contact(s, party, CHANNEL_EMAIL, mail);
}
