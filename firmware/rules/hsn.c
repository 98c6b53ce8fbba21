/* SPDX-License-Identifier: Apache-2.0 */
#include "hsn.h"

#include <assert.h>
#include <string.h>

bool hsn_valid(const char *code)
{
    assert(code);
    size_t len = strspn(code, "0123456789");
    return code[len] == '\0' && (len == 4 || len == 6 || len == 8);
}

bool hsn_is_service(const char *code)
{
    assert(code);
    return strncmp(code, "99", 2) == 0;
}

int32_t hsn_digits_needed(int64_t turnover_paise, bool registered_buyer)
{
    if (turnover_paise > HSN_TURNOVER_LIMIT_PAISE)
        return 6;
    return registered_buyer ? 4 : 0;
}
