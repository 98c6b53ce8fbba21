/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A value that a server may send is a number or an error, never both and never beyond its bytes;
 * and what we write as a number is read as that number. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sql_binary.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const unsigned int oids[] = {SQL_OID_INT8, SQL_OID_INT4,    SQL_OID_INT2,
                                        SQL_OID_BOOL, SQL_OID_NUMERIC, SQL_OID_TEXT};
    if (size < 1)
        return 0;
    unsigned int oid = oids[data[0] % ARRAY_LEN(oids)];
    /* Exactly as long as the value: reading beyond it is seen. */
    uint8_t *bytes = malloc(size);
    if (!bytes)
        abort();
    memcpy(bytes, data + 1, size - 1);
    uint8_t *value = realloc(bytes, size > 1 ? size - 1 : 1);
    if (!value)
        abort();
    int64_t got = 0x5A5A;
    int err = sql_binary_get_int(oid, value, size - 1, &got);
    free(value);
    if (err < 0 && (got != 0x5A5A || (err != -EBADMSG && err != -ERANGE)))
        abort();
    if (err < 0)
        return 0;
    unsigned char out[8];
    int64_t back = 0;
    sql_binary_put_int(got, out);
    if (sql_binary_get_int(SQL_OID_INT8, out, sizeof(out), &back) < 0 || back != got)
        abort();
    return 0;
}
