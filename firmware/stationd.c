/* SPDX-License-Identifier: Apache-2.0 */
/* stationd -- the appliance's daemon: reads its configuration, opens the appliance, runs it. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "appliance.h"
#include "conf_options.h"
#include "release.h"

int main(int argc, char **argv)
{
    static const struct conf_program program = {"stationd", RELEASE, &stationd_conf_table};
    static struct stationd_conf conf;
    int status = EXIT_SUCCESS;
    if (conf_options(&program, argc, argv, &conf, &status) != 1)
        return status;
    umask(027); /* the journal and what lies beside it are for this user and its group */
    struct diag why = {0};
    AUTO(appliance) appliance = NULL;
    int err = appliance_open(&conf, &why, &appliance);
    if (err == -ECANCELED)
        return EXIT_SUCCESS;
    if (err < 0)
        return conf_complain(&program, "cannot start", &why, err);
    err = appliance_run(appliance);
    return err < 0 ? conf_complain(&program, "loop", &why, err) : EXIT_SUCCESS;
}
