/* SPDX-License-Identifier: Apache-2.0 */
/* stationd -- the appliance's daemon: reads its configuration, opens the appliance, runs it. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "appliance.h"
#include "log.h"
#include "release.h"
#include "text.h"

static int usage(FILE *out, int status)
{
    fputs("usage: stationd [--config FILE] [--set SECTION.KEY=VALUE ...] [--print-config]\n"
          "  --config FILE      read the configuration; without it, or for keys that it leaves\n"
          "                     out, the defaults hold\n"
          "  --set S.K=V        set one key over the file\n"
          "  --print-config     print every key with its value, range and meaning, and end\n"
          "  --version          print the release, and end\n",
          out);
    return status;
}

static int complain(const char *where, const struct diag *why, int err)
{
    if (why->line > 0)
        log_line(LOG_LEVEL_ERROR, "stationd: %s line %d: %s", where, why->line, why->text);
    else
        log_line(LOG_LEVEL_ERROR, "stationd: %s: %s", where,
                 why->text[0] ? why->text : strerror(-err));
    return EXIT_FAILURE;
}

static int set_option(const char *text, struct stationd_conf *conf, struct diag *why)
{
    char section[64];
    char key[64];
    const char *dot = strchr(text, '.');
    const char *equals = strchr(text, '=');
    if (!dot || !equals || dot > equals ||
        text_copy_n(section, sizeof(section), text, (size_t)(dot - text)) < 0 ||
        text_copy_n(key, sizeof(key), dot + 1, (size_t)(equals - dot - 1)) < 0) {
        diag_set(why, 0, "\"%.60s\": SECTION.KEY=VALUE", text);
        return -EINVAL;
    }
    return conf_set(&stationd_conf_table, section, key, equals + 1, conf, why);
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"config", required_argument, NULL, 'c'}, {"set", required_argument, NULL, 's'},
        {"print-config", no_argument, NULL, 'p'}, {"version", no_argument, NULL, 'v'},
        {"help", no_argument, NULL, 'h'},         {NULL, 0, NULL, 0}};
    static struct stationd_conf conf;
    struct diag why = {0};
    bool print = false;
    int err = conf_defaults(&stationd_conf_table, &conf, &why);
    if (err < 0)
        return complain("defaults", &why, err);
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (c) {
        case 'c':
            err = conf_read_file(&stationd_conf_table, optarg, &conf, &why);
            if (err < 0)
                return complain(optarg, &why, err);
            break;
        case 's':
            err = set_option(optarg, &conf, &why);
            if (err < 0)
                return complain("--set", &why, err);
            break;
        case 'p':
            print = true;
            break;
        case 'v':
            puts(RELEASE);
            return EXIT_SUCCESS;
        case 'h':
            return usage(stdout, EXIT_SUCCESS);
        default:
            return usage(stderr, 2);
        }
    }
    if (optind < argc)
        return usage(stderr, 2);
    if (print) {
        conf_print(&stationd_conf_table, &conf, stdout);
        return EXIT_SUCCESS;
    }
    umask(027); /* the journal and what lies beside it are for this user and its group */
    AUTO(appliance) appliance = NULL;
    err = appliance_open(&conf, &why, &appliance);
    if (err < 0)
        return complain("cannot start", &why, err);
    err = appliance_run(appliance);
    if (err < 0)
        return complain("loop", &why, err);
    return EXIT_SUCCESS;
}
