/* SPDX-License-Identifier: Apache-2.0 */
/* base/conf.h -- configuration files (INI, read by inih) against a table that is the manual: one
 * row a key, with its type, range, default and help. Unknown, doubled and out-of-range keys are
 * refused with line, key, value and what is allowed. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "attr.h"
#include "diag.h"

enum conf_type {
    CONF_INT,    /* int64_t field; min and max hold */
    CONF_BOOL,   /* bool field; true, false, yes, no, 1, 0 */
    CONF_TEXT,   /* char[] field of `max` bytes with its NUL; `min` 1 forbids the empty text */
    CONF_CHOICE, /* int field: the index into `choices` */
};

struct conf_key {
    const char *section;
    const char *key;
    enum conf_type type;
    int64_t min;
    int64_t max;
    const char *preset;         /* the default, written as in a file */
    size_t offset;              /* of the field in the caller's struct */
    const char *help;           /* one sentence with the unit */
    const char *const *choices; /* CONF_CHOICE: names, ended by NULL */
};

struct conf_table {
    const struct conf_key *keys;
    size_t count;
};

/* Fills every field of *conf from its default. -EINVAL with *reterr when a default in the table is
 * itself not allowed (a programming mistake that a test catches). */
NODISCARD int conf_defaults(const struct conf_table *table, void *conf, struct diag *reterr);

/* Reads INI text over what *conf holds. On an error *conf may hold part of the file: do not use it.
 *   -EINVAL  with *reterr: the line, the key, its value and what is allowed */
NODISCARD int conf_read(const struct conf_table *table, const char *text, void *conf,
                        struct diag *reterr);

/* The same for a file; -errno when it cannot be read, with *reterr naming it. */
NODISCARD int conf_read_file(const struct conf_table *table, const char *path, void *conf,
                             struct diag *reterr);

/* Sets one key by its names, as "--set section.key=value" does. -ENOENT for an unknown key,
 * -EINVAL for a value that is not allowed; *reterr in both cases. */
NODISCARD int conf_set(const struct conf_table *table, const char *section, const char *key,
                       const char *value, void *conf, struct diag *reterr);

/* Writes the effective values as an INI file with the help as comments. */
void conf_print(const struct conf_table *table, const void *conf, FILE *out);
