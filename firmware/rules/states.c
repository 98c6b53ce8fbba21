/* SPDX-License-Identifier: Apache-2.0 */
#include "states.h"

#include <assert.h>
#include <errno.h>

#include "states_table.h"

#define PIN_PER_PREFIX 1000 /* a PIN has six digits, its prefix the first three */

const struct states_row *states_find(uint8_t code)
{
    for (size_t i = 0; i < states_table_len; i++)
        if (states_table[i].code == code)
            return &states_table[i];
    return NULL;
}

size_t states_all(const struct states_row **ret_rows)
{
    assert(ret_rows);
    *ret_rows = states_table;
    return states_table_len;
}

bool states_registers(const struct states_row *row)
{
    assert(row);
    return row->code != STATES_OTHER_COUNTRY;
}

bool states_pin_fits(const struct states_row *row, uint32_t pin)
{
    assert(row);
    if (row->pins[0].first == 0)
        return true;
    uint32_t prefix = pin / PIN_PER_PREFIX;
    for (size_t i = 0; i < STATES_PIN_RANGES_MAX && row->pins[i].first != 0; i++)
        if (prefix >= row->pins[i].first && prefix <= row->pins[i].last)
            return true;
    return false;
}

bool states_are_neighbours(uint8_t a, uint8_t b)
{
    const struct states_row *row = states_find(a);
    for (size_t i = 0; row && row->neighbours[i] != 0; i++)
        if (row->neighbours[i] == b)
            return true;
    return false;
}

int states_parse(const char *text, uint8_t *ret_code)
{
    assert(text && ret_code);
    unsigned code = 0;
    size_t len = 0;
    for (; text[len] >= '0' && text[len] <= '9' && len < 2; len++)
        code = code * 10 + (unsigned)(text[len] - '0');
    if (len == 0 || text[len] != '\0' || !states_find((uint8_t)code))
        return -EINVAL;
    *ret_code = (uint8_t)code;
    return 0;
}
