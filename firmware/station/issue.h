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

NODISCARD int issue_goods(struct step *s, const struct issue *kind, const struct goods *g);
NODISCARD int issue_command(struct step *s, const struct issue *kind, const struct command *c);
NODISCARD int issue_weight(struct step *s, const struct issue *kind, int64_t grams);
NODISCARD int issue_next(struct step *s, const struct issue *kind);
NODISCARD int issue_view(struct step *s, const struct issue *kind, struct station_view *v);
