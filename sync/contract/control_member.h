/* SPDX-License-Identifier: Apache-2.0 */
/* contract/control_member.h -- what each message of control.h holds: the one table that writing and
 * reading both follow. For those two alone. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control.h"

enum control_member_type {
    CONTROL_MEMBER_NAME, /* char[]: as origin_check() wants it */
    CONTROL_MEMBER_TYPE, /* char[]: the name of a document */
    CONTROL_MEMBER_CODE, /* char[]: printable ASCII without quotes and backslashes */
    CONTROL_MEMBER_U32,
    CONTROL_MEMBER_I32,
    CONTROL_MEMBER_I64,
    CONTROL_MEMBER_SHA256,
    CONTROL_MEMBER_WIRE, /* struct wire_range */
    CONTROL_MEMBER_WHY,  /* enum nack_why */
    CONTROL_MEMBER_HAVE, /* struct control_have[], beside its count */
    CONTROL_MEMBER_WANT, /* struct control_want[], beside its count */
};

struct control_member {
    const char *name;
    enum control_member_type type;
    size_t offset;
    size_t size; /* of a char[]; where there is a count beside an array: its offset */
    int64_t min;
    int64_t max;
    bool later; /* an int32_t that came later: left out where it is 0, and then read as 0 */
};

/* Member i of a message, in the order in which they are written; NULL behind the last. */
const struct control_member *control_member(enum control_kind kind, size_t i);
