/* SPDX-License-Identifier: Apache-2.0 */
/* hal/sim/scale_encode.h -- writes what an indicator would send: the other direction of
 * scale_ascii.h, for simulators and tests. Pure. */
#pragma once

#include "scale_ascii.h"

/* Writes the frame of a reading and returns its length. -EINVAL when the protocol cannot say it:
 * too many digits, a unit or status that it does not have. What the protocol leaves out (stability,
 * kind, unit) is left out. */
NODISCARD int scale_encode(enum scale_protocol protocol, const struct scale_reading *r,
                           uint8_t ret[SCALE_FRAME_MAX]);
