/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/api_rows.h -- from rows of the store to members of an answer: a table says which column
 * becomes which member, and how. */
#pragma once

#include "api_call.h"
#include "attr.h"

enum api_field {
    FIELD_KEY, /* not shown: the page's key; "next" is that of the last row */
    FIELD_SKIP,
    FIELD_TEXT,
    FIELD_TEXT_OR_NULL, /* null for "" */
    FIELD_INT,
    FIELD_VALUE, /* rupees: null for callers who may not see them */
    FIELD_DAY,   /* null for none */
    FIELD_INSTANT,
    FIELD_BOOL,
    FIELD_HEX,
    FIELD_JSON,     /* text that is JSON */
    FIELD_MICRO,    /* a millionth of what is shown */
    FIELD_SKU_NAME, /* a SKU's code becomes its name; the code itself when it is not known */
    FIELD_AGE,      /* a site's code becomes "siteDataAgeSeconds" */
};

struct api_column {
    const char *name;
    enum api_field as;
};

/* One object from the present row. */
NODISCARD int api_row(struct api_call *call, cJSON *to, struct sql_query *q,
                      const struct api_column *columns, size_t n);

/* Adds "items" from all rows, and "next" when `limit` is not 0: the key of the last row if there
 * were that many. */
NODISCARD int api_rows(struct api_call *call, struct sql_query *q, const struct api_column *columns,
                       size_t n, int64_t limit);

/* The same rows as an array of that name. */
NODISCARD int api_rows_into(struct api_call *call, cJSON *to, const char *name, struct sql_query *q,
                            const struct api_column *columns, size_t n);

/* Where the last page ended, of a list that is sorted by a number downward (an instant, rupees) and
 * then by an id: "NUMBER|ID". The first page: INT64_MAX and "". */
struct api_page {
    int64_t number;
    char id[API_VALUE_SIZE];
};
NODISCARD int api_page_read(struct api_call *call, struct api_page *ret);
