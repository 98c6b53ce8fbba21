/* SPDX-License-Identifier: Apache-2.0 */
#include "symbology.h"

#include <assert.h>
#include <string.h>

#include "attr.h"

static const struct symbology table[] = {
    {"]X_UPCE", SYMBOLOGY_UPCE, false},                                /* before any "]X_" */
    {"]C1", SYMBOLOGY_ELEMENTS, true},                                 /* GS1-128 */
    {"]e0", SYMBOLOGY_ELEMENTS, true},                                 /* GS1 DataBar, composites */
    {"]d2", SYMBOLOGY_ELEMENTS, true},                                 /* GS1 DataMatrix */
    {"]Q3", SYMBOLOGY_ELEMENTS, true},                                 /* GS1 QR */
    {"]J1", SYMBOLOGY_ELEMENTS, true},                                 /* GS1 DotCode */
    {"]E0", SYMBOLOGY_EAN13, true},                                    /* EAN-13, UPC-A, UPC-E */
    {"]E4", SYMBOLOGY_EAN8, true},      {"]d1", SYMBOLOGY_LINK, true}, /* Data Matrix */
    {"]Q1", SYMBOLOGY_LINK, true},                                     /* QR */
    {"]J0", SYMBOLOGY_LINK, true},                                     /* DotCode */
    {"]C0", SYMBOLOGY_CODE128, false},  {"]I0", SYMBOLOGY_ITF, false},
    {"]I1", SYMBOLOGY_ITF, false},      {"]I3", SYMBOLOGY_ITF_STRIPPED, false},
    {"]E1", SYMBOLOGY_ADD_ON, false},   {"]E2", SYMBOLOGY_ADD_ON, false},
    {"]E3", SYMBOLOGY_ADD_ON, false},
};

const struct symbology *symbology_of(const char *bytes, size_t len)
{
    assert(bytes || len == 0);
    static const struct symbology none = {"", SYMBOLOGY_NONE, false};
    static const struct symbology other = {"]??", SYMBOLOGY_TEXT, false};
    if (len < SYMBOLOGY_ID_LEN || bytes[0] != ']')
        return &none;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        const char *id = table[i].id;
        if (id[1] != bytes[1] || id[2] != bytes[2])
            continue;
        size_t rest = strlen(id + SYMBOLOGY_ID_LEN); /* only ours is longer */
        if (rest == 0 || (len - SYMBOLOGY_ID_LEN >= rest &&
                          memcmp(bytes + SYMBOLOGY_ID_LEN, id + SYMBOLOGY_ID_LEN, rest) == 0))
            return &table[i];
    }
    return &other;
}
