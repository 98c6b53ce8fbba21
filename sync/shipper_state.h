/* SPDX-License-Identifier: Apache-2.0 */
/* sync/shipper_state.h -- what the files of shipper share: the journal and its machine, and what is
 * made of entries for each lane. Private to shipper*.c. */
#pragma once

#include "entry_codec.h"
#include "notice.h"
#include "shipper.h"

struct shipper {
    struct journal *journal;
    struct origin origin;
    struct uplink link;
    struct batch_encoder *encoder;
    enum batch_format format;
    int wire;              /* as the relay chose */
    int64_t hello_head;    /* of the session that is under way, */
    int64_t resumed;       /* and from where it goes on */
    int64_t proven;        /* what the relay has is ours up to here */
    int64_t context_floor; /* the first entry that it can be taken to know */
    char release[CONTROL_RELEASE_SIZE];
    int64_t hello_ms;      /* when the HELLO of the present session went out */
    struct entry *entries; /* BATCH_ENTRIES_MAX: of the batch that is made */
    char text[CONTROL_MAX];
    uint8_t raw[NOTICE_ENTRIES_MAX][ENTRY_ENCODED_MAX]; /* of the notice that is made */
    uint8_t notice[NOTICE_MAX];
};

/* shipper_batch.c: m->action is UPLINK_BATCH. The entries that it asks for, halved in number until
 * they fit a message; m->action.n is then how many. 1; or the error of reading; -EMSGSIZE where not
 * even one fits. */
NODISCARD int shipper_make_batch(struct shipper *s, struct shipper_message *m);

/* shipper_notice.c: what goes ahead of its turn comes first. 1: a notice. 0: none is due, and
 * m->action is what the machine says then: it has passed over entries of which none was early. Or
 * the error of reading. */
NODISCARD int shipper_make_notices(struct shipper *s, struct shipper_message *m, int64_t now_ms);
