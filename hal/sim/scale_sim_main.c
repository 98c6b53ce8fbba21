/* SPDX-License-Identifier: Apache-2.0 */
/* scale_sim rtu PATH PROFILE [ORDER] | tcp PORT PROFILE [ORDER] | ascii PROTOCOL PATH [PERIOD_MS]
 * Commands on standard input: see scale_sim.h. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scale_sim.h"

static int usage(void)
{
    fputs("usage: scale_sim rtu PATH PROFILE [ORDER]\n"
          "       scale_sim tcp PORT PROFILE [ORDER]\n"
          "       scale_sim ascii PROTOCOL PATH [PERIOD_MS]\n",
          stderr);
    return 2;
}

int main(int argc, char **argv)
{
    struct scale_sim_conf conf = {.order = SCALE_ABCD, .period_ms = 100};
    if (argc < 4 || argc > 5)
        return usage();
    if (strcmp(argv[1], "ascii") == 0) {
        conf.wire = SCALE_SIM_ASCII;
        conf.path = argv[3];
        if (scale_protocol_by_name(argv[2], &conf.protocol) < 0)
            return usage();
        if (argc == 5)
            conf.period_ms = atoi(argv[4]);
    } else {
        conf.wire = strcmp(argv[1], "tcp") == 0 ? SCALE_SIM_TCP : SCALE_SIM_RTU;
        conf.path = argv[2];
        conf.port = atoi(argv[2]);
        conf.profile = scale_register_profile(argv[3]);
        if ((conf.wire == SCALE_SIM_RTU && strcmp(argv[1], "rtu") != 0) || !conf.profile ||
            (argc == 5 && scale_word_order_by_name(argv[4], &conf.order) < 0))
            return usage();
    }
    if (conf.period_ms < 1)
        return usage();
    signal(SIGPIPE, SIG_IGN);
    int err = scale_sim_run(&conf, STDIN_FILENO, STDOUT_FILENO);
    if (err < 0)
        fprintf(stderr, "<3>scale_sim: %s\n", strerror(-err));
    return err < 0;
}
