/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/event_body.h -- the JSON object of an event's body, field by field. A field that
 * cannot be added makes the append fail, so nobody asks after each. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"
#include "event.h"

struct event_body; /* NULL: out of memory; every function takes it */

struct event_body *event_body_new(void);
void event_body_free(struct event_body *b);
DEFINE_AUTO(event_body);

void event_body_text(struct event_body *b, const char *name, const char *value);
void event_body_int(struct event_body *b, const char *name, int64_t value);
void event_body_bool(struct event_body *b, const char *name, bool value);
void event_body_raw(struct event_body *b, const char *name, const char *json); /* "": null */

/* The text, in memory from malloc() that the caller frees. NULL: out of memory. */
NODISCARD char *event_body_write(const struct event_body *b);

/* event_append() of *draft with this body; its own `body` is not looked at. -ENOMEM besides. */
NODISCARD int event_body_append(const struct event_body *b, struct sql *s,
                                const struct event_draft *draft, int64_t *ret_seq);

/* One field of a body that was written here, for consumers. -EBADMSG: it is not there, or of
 * another type. */
NODISCARD int event_body_get_text(const char *body, const char *name, char *ret, size_t size);
NODISCARD int event_body_get_int(const char *body, const char *name, int64_t *ret);
