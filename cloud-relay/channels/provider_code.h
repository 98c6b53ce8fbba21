/* SPDX-License-Identifier: GPL-3.0-or-later */
/* channels/provider_code.h -- what is done about each code with which a provider refuses or fails a
 * message. The codes are a table: rows of Meta's and of Indian operators' published lists, with
 * those that nobody could check marked so. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "channel_message.h"

enum code_treatment {
    CODE_RETRY,         /* the same message once more, after wait_ms or the back-off if longer */
    CODE_FAIL,          /* for good; people mend the message */
    CODE_OTHER_CHANNEL, /* for good on this one */
    CODE_UNREACHABLE,   /* likewise, and nothing goes to this address on this channel any more */
    CODE_SUPPRESS,      /* the person wants no more offers: into the consent ledger */
    CODE_STOP_CAMPAIGN, /* for good, and the campaign pauses */
    CODE_PAUSE_CHANNEL, /* once more, after the channel has paused for wait_ms: an operator looks */
};
#define CODE_TREATMENT_COUNT 7
const char *code_treatment_name(enum code_treatment treatment); /* static */

struct provider_code {
    enum message_channel channel;
    const char *vendor; /* whose own it is, written before it: "gupshup_102"; "": the channel's */
    int64_t from, to;   /* codes, inclusive */
    enum code_treatment treatment;
    int64_t wait_ms;
    bool verified; /* seen in the provider's own published table */
    const char *meaning;
};

/* The row for a code as the provider wrote it; a code that is in no row is worth a retry when the
 * request failed at the server (5xx), else it fails for good. Never NULL. */
const struct provider_code *provider_code_find(enum message_channel channel, const char *code,
                                               int64_t http_status);
const struct provider_code *provider_codes(size_t *ret_count);

/* Between two tries: 10 s doubled with each, at most an hour. attempts: those made, 1 or more. */
int64_t provider_backoff_ms(int64_t attempts);
