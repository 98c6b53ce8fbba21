/* SPDX-License-Identifier: Apache-2.0 */
/* firmware/floor_lamp.h -- the lamp and buzzer of each post: told the station's tones. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"
#include "floor_device.h"
#include "station.h"

struct floor_lamps;

/* `lines`: driver sysfs; path is the green LED's folder ("-": none); options post (must be there),
 * red (folder), pwm (folder), buzzer (file). -EINVAL with *reterr. */
NODISCARD int floor_lamps_open(const char *const lines[], size_t count,
                               const struct floor_hooks *hooks, struct diag *reterr,
                               struct floor_lamps **ret);

/* Says what came of an input at its post; one without a lamp says nothing. */
void floor_lamps_show(struct floor_lamps *f, const struct station_answer *answer,
                      int64_t now_mono_ms);

/* Lamp and buzzer of every post say that something new asks for eyes, until each post's next
 * answer. */
void floor_lamps_alert(struct floor_lamps *f, int64_t now_mono_ms);

/* Returns when to call again, on CLOCK_MONOTONIC. */
int64_t floor_lamps_step(struct floor_lamps *f, int64_t now_mono_ms);

void floor_lamps_free(struct floor_lamps *f);
DEFINE_AUTO(floor_lamps);
