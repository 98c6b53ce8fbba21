/* SPDX-License-Identifier: Apache-2.0 */
/* contract/entry_codec.h -- one entry as canonical bytes: a CBOR map (RFC 8949) from column number
 * to value, columns ascending, every head of the shortest form, absent fields left out (section
 * 4.2.1, core deterministic encoding). The hash chain covers these bytes, so an entry has exactly
 * one encoding. What travels in batches is columnar; each entry of it has these bytes too. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "entry.h"

#define ENTRY_ENCODED_MAX 1280

/* Encodes whatever the record holds; it does not check it (entry_check). Returns the length, at
 * most ENTRY_ENCODED_MAX: every record fits. */
size_t entry_encode(const struct entry *e, uint8_t buf[ENTRY_ENCODED_MAX]);

/* Reads exactly len bytes.
 *   -EBADMSG  not the canonical encoding of a record
 *   -EPROTO   well-formed, but with a column that this release does not know: keep the bytes */
NODISCARD int entry_decode(const uint8_t *bytes, size_t len, struct entry *ret);
