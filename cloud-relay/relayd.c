/* SPDX-License-Identifier: GPL-3.0-or-later */
/* relayd -- the relay's daemon: reads its configuration, opens the relay, runs it. Tenants, sites,
 * appliances and documents are made by relayctl. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "conf_options.h"
#include "relay.h"
#include "release.h"

/* "--role X" is "--set relay.role=X", so that a unit file can name what it runs. words has room for
 * as many as there are. */
static void write_role(int argc, char **argv, char **words, char *role, size_t size)
{
    for (int i = 0; i < argc; i++) {
        words[i] = argv[i];
        if (i == 0 || strcmp(argv[i - 1], "--role") != 0)
            continue;
        snprintf(role, size, "relay.role=%s", argv[i]);
        words[i - 1] = "--set";
        words[i] = role;
    }
    words[argc] = NULL;
}

int main(int argc, char **argv)
{
    static const struct conf_program program = {"relayd", RELEASE, &relayd_conf_table};
    static struct relayd_conf conf;
    struct diag why = {0};
    char role[2 * sizeof(conf.role)];
    int status = EXIT_SUCCESS;
    char **words = calloc((size_t)argc + 1, sizeof(*words));
    if (!words)
        return conf_complain(&program, "cannot start", &why, -ENOMEM);
    write_role(argc, argv, words, role, sizeof(role));
    int err = conf_options(&program, argc, words, &conf, &status);
    free(words);
    if (err != 1)
        return status;
    umask(027); /* the store is for this user and its group */
    AUTO(relay) relay = NULL;
    err = relay_open(&conf, &why, &relay);
    if (err < 0)
        return conf_complain(&program, "cannot start", &why, err);
    err = relay_run(relay);
    return err < 0 ? conf_complain(&program, "loop", &why, err) : EXIT_SUCCESS;
}
