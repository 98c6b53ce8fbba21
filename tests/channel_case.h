/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/channel_case.h -- outlets with contacts and consents, templates, and messages to them: what
 * tests of the outbox and of campaigns begin with. */
#pragma once

#include "relay_case.h"

#include "civil.h"
#include "outbox.h"

#define CHANNEL_DAY 20800 /* 2026-12-13 */
#define CHANNEL_NOON (civil_ist_start_ms(CHANNEL_DAY) + INT64_C(43200000))

static inline void channel_contact(struct sql *s, const char *party, enum message_channel channel,
                                   const char *address, enum consent_status consent)
{
    struct contact c = {.channel = channel, .language = "en"};
    snprintf(c.party, sizeof(c.party), "%s", party);
    snprintf(c.address, sizeof(c.address), "%s", address);
    assert_int_equal(contact_set(s, &c, 1), 0);
    struct consent_record r = {.party = party,
                               .channel = channel,
                               .purpose = PURPOSE_MARKETING,
                               .status = consent,
                               .source = "paper form",
                               .text_shown = "Offers, please",
                               .language = "en",
                               .evidence = "form 17",
                               .at_ms = 1};
    if (consent != CONSENT_NONE)
        assert_int_equal(consent_append(s, &r), 0);
}

/* Outlet number n, on all three channels, with consent. */
static inline const char *channel_outlet(struct sql *s, int n, char party[CONTACT_PARTY_SIZE])
{
    char number[CONTACT_ADDRESS_SIZE];
    char mail[CONTACT_ADDRESS_SIZE];
    snprintf(party, CONTACT_PARTY_SIZE, "OUT-%d", n);
    snprintf(number, sizeof(number), "9198%08d", n);
    snprintf(mail, sizeof(mail), "out%d@shop.example.in", n);
    channel_contact(s, party, CHANNEL_WHATSAPP, number, CONSENT_GRANTED);
    channel_contact(s, party, CHANNEL_SMS, number, CONSENT_GRANTED);
    channel_contact(s, party, CHANNEL_EMAIL, mail, CONSENT_GRANTED);
    return party;
}

static const char channel_offer[] =
    "{\"outlet\":\"Shree Stores\",\"sku\":\"Glucose biscuits 80 g\",\"batch\":\"B1\","
    "\"expiry\":\"2027-01-10\",\"mrp\":\"10\",\"usual\":\"9\",\"offer\":\"6.50\","
    "\"most\":\"24\",\"until\":\"2026-12-20\"}";

static inline int channel_queue(struct sql *s, const char *key, enum message_channel channel,
                                const char *party, const char *cause, char id[OUTBOX_ID_SIZE])
{
    struct outbox_draft d = {.key = key,
                             .channel = channel,
                             .purpose = PURPOSE_MARKETING,
                             .party = party,
                             .template = TEMPLATE_OFFER,
                             .language = "",
                             .variables = channel_offer,
                             .rank = OUTBOX_RANK_CAMPAIGN,
                             .cause = cause};
    return outbox_queue(s, &d, CHANNEL_NOON, id);
}
