/* SPDX-License-Identifier: Apache-2.0 */
/* vyaparctl config check: reads a configuration of stationd as stationd does. */
#include <stdio.h>

#include "ctl.h"
#include "stationd_conf.h"

enum ctl_exit ctl_config_check(int argc, char **argv)
{
    if (argc != 1)
        return ctl_misused("config check: one FILE");
    static struct stationd_conf conf;
    struct diag why = {0};
    int err = conf_defaults(&stationd_conf_table, &conf, &why);
    if (err == 0)
        err = conf_read_file(&stationd_conf_table, argv[0], &conf, &why);
    if (err < 0)
        return ctl_complain(argv[0], &why, err);
    printf("%s: good\n", argv[0]);
    return CTL_GOOD;
}
