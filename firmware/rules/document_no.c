/* SPDX-License-Identifier: Apache-2.0 */
#include "document_no.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define ALLOWED "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-/"
#define REFUSED_FIRST "0/-" /* by the portal */

/* Two texts of 16 and a terminator: what snprintf may be asked for before it is too long. */
#define WRITTEN_MAX 64

enum document_no_fault document_no_check(const char *no)
{
    assert(no);
    size_t len = strlen(no);
    if (len == 0 || len > DOCUMENT_NO_LEN_MAX)
        return DOCUMENT_NO_LENGTH;
    if (strspn(no, ALLOWED) != len)
        return DOCUMENT_NO_CHARACTER;
    return strchr(REFUSED_FIRST, no[0]) ? DOCUMENT_NO_FIRST_CHARACTER : DOCUMENT_NO_OK;
}

const char *document_no_fault_text(enum document_no_fault fault)
{
    switch (fault) {
    case DOCUMENT_NO_OK:
        return "the number is allowed";
    case DOCUMENT_NO_FIRST_CHARACTER:
        return "the portal refuses a number that begins with 0, / or -";
    case DOCUMENT_NO_LENGTH:
        return "a number has 1 to 16 characters";
    case DOCUMENT_NO_CHARACTER:
        return "a number has letters, digits, - and / only";
    }
    return "unknown";
}

int document_no_key(const char *no, char *buf, size_t size)
{
    assert(no && buf);
    size_t len = strlen(no);
    if (len >= size)
        return -ENAMETOOLONG;
    for (size_t i = 0; i <= len; i++)
        buf[i] = no[i] >= 'a' && no[i] <= 'z' ? (char)(no[i] - 'a' + 'A') : no[i];
    return 0;
}

int document_no_write(const char *prefix, uint64_t serial, unsigned digits,
                      char buf[DOCUMENT_NO_SIZE])
{
    assert(prefix && digits <= DOCUMENT_NO_LEN_MAX && buf);
    char text[WRITTEN_MAX];
    int len = snprintf(text, sizeof(text), "%.17s%0*" PRIu64, prefix, (int)digits, serial);
    if (len < 0 || len > DOCUMENT_NO_LEN_MAX)
        return -ENAMETOOLONG;
    if (document_no_check(text) != DOCUMENT_NO_OK)
        return -EINVAL;
    memcpy(buf, text, (size_t)len + 1);
    return 0;
}
