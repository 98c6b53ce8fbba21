/* SPDX-License-Identifier: Apache-2.0 */
/* hal/clock_system.h -- the appliance's clock: relay anchor, NTP, RTC, the time persisted last, and
 * the build time, in this order. */
#pragma once

#include "clock.h"

struct clock_system_conf {
    int64_t build_ms;      /* of the release */
    const char *last_time; /* file for the persisted time; made when missing */
    const char *rtc_dir;   /* "/sys/class/rtc", or a tree that a test has made */
};

/* Copies conf. A persisted time that is missing or unreadable is no error: it is not believed.
 * -EIO when the kernel does not say which boot this is, -ENAMETOOLONG, -ENOMEM. */
NODISCARD int clock_system_open(const struct clock_system_conf *conf, struct clock **ret);
