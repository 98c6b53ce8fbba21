/* SPDX-License-Identifier: Apache-2.0 */
/* vyaparctl pin: a PIN becomes the hash that stands in workers.csv. It is never echoed or kept. */
#include <crypt.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "ctl.h"

#define PIN_DIGITS_MIN 4
#define PIN_DIGITS_MAX 12
#define LINE_SIZE 64

/* A line without its end. -EINVAL when there is none or it is longer than a PIN can be. */
static int read_line(char line[LINE_SIZE])
{
    if (!fgets(line, LINE_SIZE, stdin))
        return -EINVAL;
    size_t len = strcspn(line, "\r\n");
    if (line[len] == '\0' && !feof(stdin))
        return -EINVAL;
    line[len] = '\0';
    return 0;
}

static int ask(const char *prompt, char line[LINE_SIZE])
{
    struct termios before;
    if (tcgetattr(STDIN_FILENO, &before) < 0)
        return -errno;
    struct termios silent = before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) < 0) /* what was typed before is dropped */
        return -errno;
    fputs(prompt, stderr);
    int err = read_line(line);
    int restored = tcsetattr(STDIN_FILENO, TCSAFLUSH, &before) < 0 ? -errno : 0;
    fputc('\n', stderr);
    return err < 0 ? err : restored;
}

static bool is_pin(const char *text)
{
    size_t len = strlen(text);
    return len >= PIN_DIGITS_MIN && len <= PIN_DIGITS_MAX && strspn(text, "0123456789") == len;
}

static int read_pin(char pin[LINE_SIZE], struct diag *why)
{
    bool asks = isatty(STDIN_FILENO);
    int err = asks ? ask("PIN: ", pin) : read_line(pin);
    if (err == 0 && !is_pin(pin))
        err = -EINVAL;
    if (err < 0) {
        diag_set(why, 0, "%d to %d digits", PIN_DIGITS_MIN, PIN_DIGITS_MAX);
        return err;
    }
    if (!asks)
        return 0;
    char again[LINE_SIZE];
    err = ask("once more: ", again);
    if (err == 0 && strcmp(pin, again) != 0)
        err = -EINVAL;
    explicit_bzero(again, sizeof(again));
    if (err < 0)
        diag_set(why, 0, "the two are not the same");
    return err;
}

enum ctl_exit ctl_pin(int argc, char **argv)
{
    if (argc > 0)
        return ctl_misused("pin: unexpected: %s; a PIN on the command line would be seen by others",
                           argv[0]);
    char pin[LINE_SIZE];
    struct diag why = {0};
    int err = read_pin(pin, &why);
    if (err < 0)
        return ctl_complain("PIN", &why, err);
    char setting[CRYPT_GENSALT_OUTPUT_SIZE];
    static struct crypt_data work;
    const char *hash = NULL;
    if (crypt_gensalt_rn("$y$", 0, NULL, 0, setting, (int)sizeof(setting)))
        hash = crypt_r(pin, setting, &work);
    err = -errno;
    explicit_bzero(pin, sizeof(pin));
    if (!hash || hash[0] == '*')
        return ctl_complain("PIN", NULL, err);
    puts(hash);
    return CTL_GOOD;
}
