/* SPDX-License-Identifier: Apache-2.0 */
#include "conf_options.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "text.h"

static int usage(const struct conf_program *program, FILE *out)
{
    fprintf(out,
            "usage: %s [--config FILE] [--set SECTION.KEY=VALUE ...] [--print-config]\n"
            "  --config FILE      read the configuration; without it, or for keys that it leaves\n"
            "                     out, the defaults hold\n"
            "  --set S.K=V        set one key over the file\n"
            "  --log-level L      error, warning, notice, info (the default) or debug\n"
            "  --log-format F     text for journald (the default), or json\n"
            "  --print-config     print every key with its value, range and meaning, and end\n"
            "  --version          print the release, and end\n",
            program->name);
    return 0;
}

int conf_complain(const struct conf_program *program, const char *where, const struct diag *why,
                  int err)
{
    if (why->line > 0)
        log_line(LOG_LEVEL_ERROR, "%s: %s line %d: %s", program->name, where, why->line, why->text);
    else
        log_line(LOG_LEVEL_ERROR, "%s: %s: %s", program->name, where,
                 why->text[0] ? why->text : strerror(-err));
    return EXIT_FAILURE;
}

static int set_option(const struct conf_table *table, const char *text, void *conf,
                      struct diag *why)
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
    return conf_set(table, section, key, equals + 1, conf, why);
}

/* What is logged, and how: the same for every daemon, so no key of their tables. */
struct log_options {
    enum log_level most;
    enum log_form form;
};

static int set_log(struct log_options *o, int option, const char *text, struct diag *why)
{
    bool level = option == 'l';
    int err = level ? log_level_parse(text, &o->most) : log_form_parse(text, &o->form);
    if (err < 0)
        diag_set(why, 0, "\"%.60s\": %s", text,
                 level ? "error, warning, notice, info or debug" : "text or json");
    return err;
}

int conf_options(const struct conf_program *program, int argc, char **argv, void *conf,
                 int *ret_status)
{
    assert(program && argv && conf && ret_status);
    static const struct option options[] = {{"config", required_argument, NULL, 'c'},
                                            {"set", required_argument, NULL, 's'},
                                            {"log-level", required_argument, NULL, 'l'},
                                            {"log-format", required_argument, NULL, 'f'},
                                            {"print-config", no_argument, NULL, 'p'},
                                            {"version", no_argument, NULL, 'v'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    struct log_options log = {LOG_LEVEL_INFO, LOG_FORM_TEXT};
    struct diag why = {0};
    bool print = false;
    const char *where = "defaults";
    int err = conf_defaults(program->table, conf, &why);
    *ret_status = EXIT_SUCCESS;
    for (int c; err == 0 && (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (c) {
        case 'c':
            where = optarg;
            err = conf_read_file(program->table, optarg, conf, &why);
            break;
        case 's':
            where = "--set";
            err = set_option(program->table, optarg, conf, &why);
            break;
        case 'l':
        case 'f':
            where = c == 'l' ? "--log-level" : "--log-format";
            err = set_log(&log, c, optarg, &why);
            break;
        case 'p':
            print = true;
            break;
        case 'v':
            puts(program->release);
            return 0;
        case 'h':
            return usage(program, stdout);
        default:
            *ret_status = 2;
            return usage(program, stderr);
        }
    }
    log_set(program->name, log.most, log.form);
    if (err < 0) {
        *ret_status = conf_complain(program, where, &why, err);
        return err;
    }
    if (optind < argc) {
        *ret_status = 2;
        return usage(program, stderr);
    }
    if (print)
        conf_print(program->table, conf, stdout);
    return !print;
}
