/* SPDX-License-Identifier: Apache-2.0 */
/* base/conf_options.h -- the command line that every daemon of ours has over its table of keys:
 * --config FILE, --set SECTION.KEY=VALUE, --log-level, --log-format, --print-config, --version,
 * --help. */
#pragma once

#include "attr.h"
#include "conf.h"

struct conf_program {
    const char *name;
    const char *release;
    const struct conf_table *table;
};

/* Fills *conf from the defaults, then from what the options say, in their order.
 *   1    go on
 *   0    what was asked for is printed: end with *ret_status (EXIT_SUCCESS, or 2 for wrong usage)
 *   -EINVAL and others  said on stderr: end with EXIT_FAILURE */
NODISCARD int conf_options(const struct conf_program *program, int argc, char **argv, void *conf,
                           int *ret_status);

/* "NAME: WHERE line 3: WORDS", or the error's own words. Returns EXIT_FAILURE. */
int conf_complain(const struct conf_program *program, const char *where, const struct diag *why,
                  int err);
