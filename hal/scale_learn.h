/* SPDX-License-Identifier: Apache-2.0 */
/* hal/scale_learn.h -- which protocols can an indicator of unknown make be speaking? The installer
 * captures frames while he types what the display shows; a protocol stays when it reads every one
 * of them so. More than one may stay: then he chooses. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "scale_ascii.h"

#define SCALE_LEARN_FRAMES 20 /* how many to capture before the answer is relied on */

struct scale_learn {
    uint32_t fits; /* bit p: enum scale_protocol p has read all captures so far */
    uint32_t captures;
};

struct scale_learn scale_learn_init(void);

/* Tries all protocols on a capture of any length (some frames; the first and last may be cut).
 * `shown` is the number on the display, "12.340", or NULL when it was not noted. A protocol fits
 * when its frames make up all but the cut ends of the capture and, where a number was given, the
 * last weight reads exactly so. Returns how many protocols still fit. */
int scale_learn_capture(struct scale_learn *l, const uint8_t *bytes, size_t len, const char *shown);

/* The protocols that fit, best known first; returns how many were written. */
size_t scale_learn_result(const struct scale_learn *l, enum scale_protocol ret[SCALE_PROTOCOLS]);
