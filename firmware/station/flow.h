/* SPDX-License-Identifier: Apache-2.0 */
/* station/flow.h -- for flows only: what each of them is to station.c. One const table a flow,
 * listed in flow.c; a flow keeps no state but in its post. */
#pragma once

#include "step.h"

struct issue;

/* Each operation returns 0, or the negative errno of a look-up in the journal: the step is then
 * undone as a whole. Whatever it decides it says with step_say(); silence means "does not belong
 * here", and station.c says that. */
struct flow {
    const char *name;   /* as in the command "flow:..."; "flow_" + name is its title's message */
    int32_t role;       /* the least that a worker must have: 0 staff, 1 supervisor */
    bool counts_singly; /* equal items are scanned one by one: the short repeat window holds */
    const struct issue
        *issue; /* where the operations are those of issue.h: which kind; else NULL */

    /* The flow was chosen; work is new. May be NULL. */
    int (*begin)(struct step *s);

    /* A code that speaks of goods, or that nothing is known of (no part of `g` is set). */
    int (*goods)(struct step *s, const struct goods *g);

    /* A command, a bin's label, a document's label: all are commands. */
    int (*command)(struct step *s, const struct command *c);

    /* A weight that may be booked. NULL: the flow does not weigh. */
    int (*weight)(struct step *s, int64_t grams);

    /* After the entries of a step were appended: what comes next is looked up with them counted. It
     * must not add entries or change the reply. May be NULL. */
    int (*next)(struct step *s);

    /* Fills prompt, target, choices and keypad; the rest is filled by station.c. Must not add
     * entries or change the post. */
    int (*view)(struct step *s, struct station_view *v);
};

/* NULL when there is no such flow. */
const struct flow *flow_find(const char *name);

/* In the order of the home screen. */
const struct flow *const *flow_list(size_t *ret_count);

extern const struct flow flow_receive;
extern const struct flow flow_put_away;
extern const struct flow flow_pick;
extern const struct flow flow_dispatch;
extern const struct flow flow_arrive;
extern const struct flow flow_return;
extern const struct flow flow_count;
extern const struct flow flow_weigh;
extern const struct flow flow_look;
extern const struct flow flow_dispose;
extern const struct flow flow_send_back;
extern const struct flow flow_correct;
extern const struct flow flow_bind;

/* For views. */
void view_prompt(struct station_view *v, const char *code, ...) __attribute__((sentinel));
void view_choice(struct station_view *v, const char *command, bool primary, bool danger,
                 const char *code, ...) __attribute__((sentinel));
/* Goods of a lot as the target: what to take, to expect, or what is shown. */
void view_lot(const struct step *s, struct station_view *v, const struct catalogue_sku *product,
              const struct offer *lot, int64_t qty);
void view_keypad(struct station_view *v, enum station_keypad keypad, const char *prefix);
void view_reasons(struct station_view *v, enum entry_kind kind);
