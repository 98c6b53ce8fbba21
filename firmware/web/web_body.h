/* SPDX-License-Identifier: Apache-2.0 */
/* web/web_body.h -- reads the JSON bodies that the station's routes take. Strict: an unknown,
 * doubled or missing member, a wrong type, or anything behind the object is refused. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"
#include "station.h"

#define WEB_BODY_MAX 1024 /* bytes of a body */
#define WEB_SNOOZE_DAYS_MAX 30

enum web_body_kind {
    BODY_NONE,    /* the route takes none */
    BODY_EMPTY,   /* {} */
    BODY_COMMAND, /* {"command": "qty:12"} */
    BODY_SNOOZE,  /* {"days": 3} */
};

struct web_body {
    char command[STATION_COMMAND_SIZE]; /* BODY_COMMAND: not empty, well-formed UTF-8 */
    int32_t days;                       /* BODY_SNOOZE: 1 to WEB_SNOOZE_DAYS_MAX */
};

/* -EINVAL with *reterr saying which member and what is allowed; -ENOMEM. */
NODISCARD int web_body_read(enum web_body_kind kind, const char *text, size_t len,
                            struct diag *reterr, struct web_body *ret);

/* Writes a body that web_body_read() takes for the same; the caller frees. NULL: no memory. */
char *web_body_write(enum web_body_kind kind, const struct web_body *body);
