/* SPDX-License-Identifier: Apache-2.0 */
/* contract/wire.h -- which versions of the wire a release speaks, and which one two ends choose.
 * Pure.
 *
 * A version fixes how batches and document chunks are laid out. HELLO and the other control
 * messages stand outside of it: JSON whose members never change their meaning, and where a reader
 * passes over what it does not know. So any two releases can say hello:
 *
 *   device  HELLO  {... "wire":[oldest, newest]}     what it reads and writes
 *   relay   RESUME {... "wire":chosen}               or NACK schema: nothing in common
 *
 *   1   batches of formats 1 and 2
 *   2   batches of format 3 besides, foreseen from the entries before them (batch.h)
 *
 * A release writes the chosen version, and reads the current and the two before it. */
#pragma once

#include "attr.h"

#define WIRE_VERSION 2 /* the newest that this release speaks */
#define WIRE_BEFORE 2  /* how many older ones it still speaks */
#define WIRE_VERSION_MAX 1000

struct wire_range {
    int oldest;
    int newest;
};

/* What the release speaks whose newest version is `newest`: that one and at most WIRE_BEFORE before
 * it. newest is 1 to WIRE_VERSION_MAX. */
struct wire_range wire_range(int newest);

/* The newest version that both speak. -EPROTO: none; one of the two has to be upgraded. */
NODISCARD int wire_choose(struct wire_range a, struct wire_range b);
