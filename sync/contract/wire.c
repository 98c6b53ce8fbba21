/* SPDX-License-Identifier: Apache-2.0 */
#include "wire.h"

#include <assert.h>
#include <errno.h>

struct wire_range wire_range(int newest)
{
    assert(newest >= 1 && newest <= WIRE_VERSION_MAX);
    return (struct wire_range){newest > WIRE_BEFORE ? newest - WIRE_BEFORE : 1, newest};
}

int wire_choose(struct wire_range a, struct wire_range b)
{
    int oldest = a.oldest > b.oldest ? a.oldest : b.oldest;
    int newest = a.newest < b.newest ? a.newest : b.newest;
    return newest >= oldest ? newest : -EPROTO;
}
