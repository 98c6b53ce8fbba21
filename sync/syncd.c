/* SPDX-License-Identifier: Apache-2.0 */
/* syncd -- ships the appliance's journal to the relay and brings documents back: reads its
 * configuration, opens the courier, runs it. If it dies, the floor does not notice. */
#include <stdlib.h>
#include <sys/stat.h>

#include "conf_options.h"
#include "courier.h"
#include "release.h"

int main(int argc, char **argv)
{
    static const struct conf_program program = {"syncd", RELEASE, &syncd_conf_table};
    static struct syncd_conf conf;
    int status = EXIT_SUCCESS;
    if (conf_options(&program, argc, argv, &conf, &status) != 1)
        return status;
    umask(027); /* as stationd's */
    struct diag why = {0};
    AUTO(courier) courier = NULL;
    int err = courier_open(&conf, &why, &courier);
    if (err < 0)
        return conf_complain(&program, "cannot start", &why, err);
    err = courier_run(courier);
    return err < 0 ? conf_complain(&program, "loop", &why, err) : EXIT_SUCCESS;
}
