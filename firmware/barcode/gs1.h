/* SPDX-License-Identifier: Apache-2.0 */
/* barcode/gs1.h -- GS1 element strings: bytes of a scan, or text with bracketed Application
 * Identifiers, into elements (AI and value), with every rule of the GS1 Barcode Syntax Dictionary
 * but the coupons'. It gives no meaning to the values; barcode.h does. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "gs1_ai.h"
#include "gs1_content.h"

#define GS1_SEPARATOR '\x1d' /* FNC1 inside a message, as scanners send it: ASCII GS */
#define GS1_TEXT_MAX 2048    /* longest message that is read, in bytes */
#define GS1_ELEMENTS_MAX 64  /* elements of one message */

enum gs1_level {
    GS1_FULL,    /* also the AIs that an AI requires */
    GS1_LENIENT, /* without them: for one of several symbols of an item */
};

struct gs1_element {
    const struct gs1_ai *ai;
    uint16_t at; /* where the value begins in the message's text */
    uint16_t len;
};

struct gs1_message {
    const char *text; /* borrowed: the input, or the buffer that the caller gave; no NUL */
    size_t count;
    struct gs1_element elements[GS1_ELEMENTS_MAX]; /* in reading order; `count` of them are set */
};

struct gs1_reject {
    enum gs1_fault fault;
    const struct gs1_ai *ai; /* concerned; NULL when the fault is of none */
};

/* Reads an element string as a scanner sends it, behind the symbology identifier. *m refers to
 * text. -EBADMSG with *reterr when it breaks a rule; *m then holds nothing of use. */
NODISCARD int gs1_parse(const char *text, size_t len, enum gs1_level level, struct gs1_message *m,
                        struct gs1_reject *reterr);

/* Reads "(01)...(10)..." where \( stands for a bracket inside a value. Values are copied into buf,
 * which takes len bytes, and *m refers to it. -EBADMSG as above. */
NODISCARD int gs1_parse_bracketed(const char *text, size_t len, enum gs1_level level, char *buf,
                                  struct gs1_message *m, struct gs1_reject *reterr);

/* Judges one value by itself: length, characters, content. GS1_FINE when it is well. */
enum gs1_fault gs1_value_check(const struct gs1_ai *ai, const char *value, size_t len);

/* What goes with what, over the union of the symbols of one physical item: excluded pairs, required
 * AIs (GS1_FULL), one AI with two values, signatures of unserialised keys. -EBADMSG with *reterr
 * naming the lowest AI concerned. */
NODISCARD int gs1_check_union(const struct gs1_message *const messages[], size_t count,
                              enum gs1_level level, struct gs1_reject *reterr);

/* The first element of that AI, or NULL. */
const struct gs1_element *gs1_get(const struct gs1_message *m, const char *ai);

enum gs1_form {
    GS1_RAW,       /* as a scanner sends it: GS behind AIs that need a separator */
    GS1_BRACKETED, /* as it is printed for people and keyed in */
};

/* Writes the elements in their order and a NUL, which *ret_len does not count. -ENOSPC when it does
 * not fit in size bytes; *ret_len is then left alone. Parsing what it wrote gives the same. */
NODISCARD int gs1_compose(const struct gs1_message *m, enum gs1_form form, char *buf, size_t size,
                          size_t *ret_len);

/* For gs1_link.c: sets *reterr and returns -EBADMSG. */
int gs1_refuse(struct gs1_reject *reterr, enum gs1_fault fault, const struct gs1_ai *ai);
