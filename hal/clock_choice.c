/* SPDX-License-Identifier: Apache-2.0 */
#include "clock_choice.h"

#include <assert.h>
#include <string.h>

#include "clock_lapse.h"
#include "clock_system.h"
#include "release.h"

bool clock_choice_lapses(const char *source)
{
    return strcmp(source, "system") != 0;
}

int clock_choice_open(const char *source, const char *last_time, struct diag *reterr,
                      struct clock **ret)
{
    assert(source && last_time && ret);
    if (!clock_choice_lapses(source)) {
        struct clock_system_conf conf = {
            .build_ms = RELEASE_BUILD_MS, .last_time = last_time, .rtc_dir = "/sys/class/rtc"};
        return clock_system_open(&conf, ret);
    }
    struct lapse spec;
    int err = lapse_parse(source, &spec, reterr);
    return err < 0 ? err : clock_lapse_open(&spec, ret);
}
