/* SPDX-License-Identifier: Apache-2.0 */
/* printer_sim PORT FOLDER: commands on standard input, see printer_sim.h. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "printer_sim.h"

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: printer_sim PORT FOLDER\n", stderr);
        return 2;
    }
    struct printer_sim_conf conf = {.port = atoi(argv[1]), .folder = argv[2]};
    signal(SIGPIPE, SIG_IGN);
    int err = printer_sim_run(&conf, STDIN_FILENO, STDOUT_FILENO);
    if (err < 0)
        fprintf(stderr, "<3>printer_sim: %s\n", strerror(-err));
    return err < 0;
}
