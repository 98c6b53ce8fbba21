/* SPDX-License-Identifier: Apache-2.0 */
/* barcode/gs1_link.h -- uncompressed GS1 Digital Link URIs into the same elements as an element
 * string. It resolves nothing and needs no network; compressed links are not read. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "attr.h"
#include "gs1.h"

struct gs1_link_rules {
    enum gs1_level level;
    bool pad_short_gtin; /* take a key GTIN of 8, 12 or 13 digits, as some links have it */
};

/* Reads a URI; *m's elements are those of the path, then of the query. Decoded values go into buf,
 * which takes len bytes, and *m refers to it.
 *   1         not an http or https URI: plain text
 *   -EBADMSG  with *reterr: a web address, but not a good Digital Link (GS1_DL_NO_KEY: perhaps
 *             none at all); *m holds nothing of use */
NODISCARD int gs1_link_parse(const char *uri, size_t len, const struct gs1_link_rules *rules,
                             char *buf, struct gs1_message *m, struct gs1_reject *reterr);
