/* SPDX-License-Identifier: Apache-2.0 */
/* station/issue.h -- for flows by which goods leave against a document, line by line on the walking
 * round: what is proposed, what may be taken instead, and what is declared short. */
#pragma once

#include "flow.h"

struct issue {
    enum order_kind order;
    enum entry_kind entry;
    bool receiver_wants_life; /* outlets refuse goods with too little life left */
    const char *booked;       /* message */
};

/* Operations of a flow that has an issue. */
NODISCARD int issue_goods(struct step *s, const struct goods *g);
NODISCARD int issue_command(struct step *s, const struct command *c);
NODISCARD int issue_weight(struct step *s, int64_t grams);
NODISCARD int issue_next(struct step *s);
NODISCARD int issue_view(struct step *s, struct station_view *v);
