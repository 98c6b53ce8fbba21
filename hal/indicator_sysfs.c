/* SPDX-License-Identifier: Apache-2.0 */
#include "indicator_sysfs.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "decimal.h"
#include "indicator_driver.h"
#include "log.h"
#include "text.h"

#define PATH_SIZE 256
#define NUMBER_SIZE 24
#define NS_PER_S 1000000000

struct led {
    char dir[PATH_SIZE]; /* "": not fitted */
    int64_t bright;
};

struct indicator_sysfs {
    struct indicator base;
    struct led green;
    struct led red;
    char buzzer_pwm[PATH_SIZE];
    char buzzer_file[PATH_SIZE];
};

static int write_text(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    ssize_t len = (ssize_t)strlen(text);
    int err = write(fd, text, (size_t)len) == len ? 0 : -EIO;
    close(fd);
    return err;
}

static int write_attribute(const char *dir, const char *attribute, const char *text)
{
    char path[PATH_SIZE + 32];
    snprintf(path, sizeof(path), "%s/%s", dir, attribute);
    return write_text(path, text);
}

static int write_number(const char *dir, const char *attribute, int64_t number)
{
    char text[DECIMAL_TEXT_SIZE];
    return write_attribute(dir, attribute, decimal_format(number, 0, text));
}

static int set_led(const struct led *led, bool on)
{
    if (led->dir[0] == '\0')
        return 0;
    return write_number(led->dir, "brightness", on ? led->bright : 0);
}

/* The duty must never exceed the period: it goes down before the period changes. */
static int set_pwm(const char *dir, uint16_t tone_hz)
{
    if (dir[0] == '\0')
        return 0;
    if (tone_hz == 0)
        return write_number(dir, "enable", 0);
    int64_t period_ns = NS_PER_S / tone_hz;
    int err = write_number(dir, "duty_cycle", 0);
    if (err == 0)
        err = write_number(dir, "period", period_ns);
    if (err == 0)
        err = write_number(dir, "duty_cycle", period_ns / 2);
    return err < 0 ? err : write_number(dir, "enable", 1);
}

static int set_buzzer_file(const char *path, bool on)
{
    return path[0] == '\0' ? 0 : write_text(path, on ? "1" : "0");
}

static int sysfs_set(struct indicator *i, const struct indicator_out *out, int64_t now_ms)
{
    struct indicator_sysfs *s = (struct indicator_sysfs *)i;
    (void)now_ms;
    const int errs[] = {
        set_led(&s->green, out->green),
        set_led(&s->red, out->red),
        set_pwm(s->buzzer_pwm, out->tone_hz),
        set_buzzer_file(s->buzzer_file, out->tone_hz > 0),
    };
    for (size_t k = 0; k < ARRAY_LEN(errs); k++)
        if (errs[k] < 0)
            return errs[k];
    return 0;
}

static void sysfs_free(struct indicator *i)
{
    free((struct indicator_sysfs *)i);
}

static const struct indicator_ops ops = {.set = sysfs_set, .free = sysfs_free};

/* A part that does not answer is not used. */
static void leave_out(char path[PATH_SIZE], const char *part, int err)
{
    log_line(LOG_LEVEL_WARNING, "indicator: no %s, going on without it: %s: %s", part, path,
             strerror(-err));
    path[0] = '\0';
}

static int64_t read_max_brightness(const char *dir)
{
    char path[PATH_SIZE + 32];
    char text[NUMBER_SIZE];
    int64_t max = 0;
    snprintf(path, sizeof(path), "%s/max_brightness", dir);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 1;
    ssize_t n = read(fd, text, sizeof(text) - 1);
    close(fd);
    text[n > 0 ? n : 0] = '\0';
    text[strcspn(text, "\n")] = '\0';
    return decimal_parse(text, 0, &max) == 0 && max > 0 ? max : 1;
}

static void begin_led(struct led *led, const char *part)
{
    if (led->dir[0] == '\0')
        return;
    int err = write_attribute(led->dir, "trigger", "none");
    if (err == 0)
        err = set_led(led, false);
    if (err < 0)
        leave_out(led->dir, part, err);
    else
        led->bright = read_max_brightness(led->dir);
}

static int copy_path(char path[PATH_SIZE], const char *from)
{
    return text_copy(path, PATH_SIZE, from ? from : "");
}

int indicator_sysfs_open(const struct indicator_sysfs_conf *conf, struct indicator **ret)
{
    assert(conf && ret);

    struct indicator_sysfs *s = calloc(1, sizeof(*s));
    if (!s)
        return -ENOMEM;
    s->base.ops = &ops;
    AUTO(indicator) i = &s->base;
    if (copy_path(s->green.dir, conf->green_dir) < 0 || copy_path(s->red.dir, conf->red_dir) < 0 ||
        copy_path(s->buzzer_pwm, conf->buzzer_pwm) < 0 ||
        copy_path(s->buzzer_file, conf->buzzer_file) < 0)
        return -ENAMETOOLONG;

    begin_led(&s->green, "green LED");
    begin_led(&s->red, "red LED");
    int err = set_pwm(s->buzzer_pwm, 0);
    if (err < 0)
        leave_out(s->buzzer_pwm, "buzzer", err);
    err = set_buzzer_file(s->buzzer_file, false);
    if (err < 0)
        leave_out(s->buzzer_file, "buzzer", err);
    *ret = TAKE(i);
    return 0;
}
