/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/autonomy.h -- whether an agent may act alone, or a person must decide, or two: the
 * tenant's limits on value, discount, quantity and spending a day, and the kill switch. Pure but
 * for autonomy_spent(). */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "setting.h"
#include "sql.h"

struct autonomy_ask {
    const char *agent;
    const char *category;  /* of the goods; "" */
    const char *territory; /* of their place; "" */
    int64_t value_paise;   /* landed cost of the goods */
    int64_t units;
    int64_t discount_permille;
    int64_t spend_paise;       /* what carrying it out costs */
    int64_t spent_today_paise; /* what the agent has spent alone on this Indian civil day */
};

enum autonomy_verdict {
    AUTONOMY_ALONE,
    AUTONOMY_ONE_PERSON,
    AUTONOMY_TWO_PERSONS,
    AUTONOMY_STOPPED, /* the kill switch: nothing is carried out, whoever approves */
};

/* Bits: which limits were passed. */
#define AUTONOMY_OFF 1
#define AUTONOMY_VALUE 2
#define AUTONOMY_DISCOUNT 4
#define AUTONOMY_UNITS 8
#define AUTONOMY_SPEND 16
#define AUTONOMY_KILLED 32

struct autonomy {
    enum autonomy_verdict verdict;
    int limits;
};

/* At a limit an agent still acts alone; one paisa, unit or permille beyond it a person decides. */
struct autonomy autonomy_judge(const struct setting_book *book, const struct autonomy_ask *ask);

const char *autonomy_verdict_name(enum autonomy_verdict verdict); /* static; on the wire */

/* "value+spend" and the like, from the bits. Returns buf. */
#define AUTONOMY_WORDS_SIZE 64
const char *autonomy_limits_text(int limits, char buf[AUTONOMY_WORDS_SIZE]);

/* What proposals that the agent approved by itself on that day cost. */
NODISCARD int autonomy_spent(struct sql *s, const char *agent, int32_t day, int64_t *ret_paise);
