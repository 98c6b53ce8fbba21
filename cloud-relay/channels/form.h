/* SPDX-License-Identifier: GPL-3.0-or-later */
/* channels/form.h -- bodies of application/x-www-form-urlencoded, as some gateways speak: fields
 * written and found again (WHATWG URL, 5.1 and 5.2). It knows no field. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "attr.h"

#define FORM_TYPE "application/x-www-form-urlencoded"

/* Appends name=value, behind a "&" where `first` is false. Errors are the stream's. */
void form_write(FILE *f, bool first, const char *name, const char *value);

/* The first field of that name, decoded, from malloc() that the caller frees, with its NUL.
 *   -ENOENT   there is none        -EBADMSG  a "%" without its two digits, or a NUL in it
 *   -ENOMEM */
NODISCARD int form_find(const char *body, size_t len, const char *name, char **ret);
