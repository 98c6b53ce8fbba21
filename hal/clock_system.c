/* SPDX-License-Identifier: Apache-2.0 */
#include "clock_system.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include "clock_driver.h"
#include "clock_judge.h"
#include "decimal.h"
#include "text.h"

#define PATH_SIZE 256
#define NUMBER_SIZE 32

struct clock_system {
    struct clock base;
    struct clock_evidence evidence; /* what does not change while running, and the anchor */
    char last_time[PATH_SIZE];
    char last_time_new[PATH_SIZE + 4];
    char boot_id[CLOCK_BOOT_ID_SIZE];
};

/* A file that holds one number and a line end. -EINVAL when it holds something else. */
static int read_number(const char *path, int64_t *ret)
{
    char text[NUMBER_SIZE];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    ssize_t n = read(fd, text, sizeof(text) - 1);
    close(fd);
    if (n < 0)
        return -EIO;
    text[n] = '\0';
    text[strcspn(text, "\n")] = '\0';
    return decimal_parse(text, 0, ret);
}

static int read_rtc_number(const char *dir, const char *rtc, const char *attribute, int64_t *ret)
{
    char path[PATH_SIZE * 2];
    int len = snprintf(path, sizeof(path), "%s/%s/%s", dir, rtc, attribute);
    return len > 0 && (size_t)len < sizeof(path) ? read_number(path, ret) : -ENAMETOOLONG;
}

/* Whether the kernel took its time from an RTC at boot (hctosys), and the RTC still says that its
 * time is valid: a driver whose chip lost its battery fails the read. */
static bool rtc_is_valid(const char *dir)
{
    DIR *d = opendir(dir);
    if (!d)
        return false;
    bool valid = false;
    for (struct dirent *entry = readdir(d); entry && !valid; entry = readdir(d)) {
        int64_t hctosys = 0;
        int64_t seconds = 0;
        valid = strncmp(entry->d_name, "rtc", 3) == 0 &&
                read_rtc_number(dir, entry->d_name, "hctosys", &hctosys) == 0 && hctosys == 1 &&
                read_rtc_number(dir, entry->d_name, "since_epoch", &seconds) == 0 && seconds > 0;
    }
    closedir(d);
    return valid;
}

static bool ntp_is_synced(void)
{
    struct timex t = {.modes = 0};
    int state = adjtimex(&t);
    return state >= 0 && state != TIME_ERROR && !(t.status & STA_UNSYNC);
}

static int system_now(struct clock *c, struct clock_reading *ret)
{
    struct clock_system *s = (struct clock_system *)c;
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) < 0)
        return -EIO;
    struct clock_evidence e = s->evidence;
    e.mono_ms = clock_steady_ms();
    e.system_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    e.ntp_synced = ntp_is_synced();
    ret->trust = clock_judge(&e, &ret->wall_ms);
    ret->mono_ms = e.mono_ms;
    memcpy(ret->boot_id, s->boot_id, sizeof(ret->boot_id));
    return 0;
}

static void system_anchor(struct clock *c, int64_t wall_ms, int64_t mono_ms)
{
    struct clock_evidence *e = &((struct clock_system *)c)->evidence;
    e->anchored = true;
    e->anchor_wall_ms = wall_ms;
    e->anchor_mono_ms = mono_ms;
}

/* Beside the file and renamed over it, so that a power cut leaves the old or the new time. */
static int system_persist(struct clock *c, int64_t wall_ms)
{
    struct clock_system *s = (struct clock_system *)c;
    char text[NUMBER_SIZE];
    int len = snprintf(text, sizeof(text), "%" PRId64 "\n", wall_ms);
    int fd = open(s->last_time_new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0)
        return -errno;
    int err = write(fd, text, (size_t)len) == len ? 0 : -EIO;
    if (err == 0 && fsync(fd) < 0)
        err = -errno;
    close(fd);
    if (err == 0 && rename(s->last_time_new, s->last_time) < 0)
        err = -errno;
    return err;
}

static void system_free(struct clock *c)
{
    free((struct clock_system *)c);
}

static const struct clock_ops ops = {
    .now = system_now, .anchor = system_anchor, .persist = system_persist, .free = system_free};

int clock_system_open(const struct clock_system_conf *conf, struct clock **ret)
{
    assert(conf && conf->last_time && conf->rtc_dir && ret);

    struct clock_system *s = calloc(1, sizeof(*s));
    if (!s)
        return -ENOMEM;
    s->base.ops = &ops;
    AUTO(clock) c = &s->base;
    int err = text_copy(s->last_time, sizeof(s->last_time), conf->last_time);
    if (err == 0)
        err = clock_read_boot_id(s->boot_id);
    if (err < 0)
        return err;
    snprintf(s->last_time_new, sizeof(s->last_time_new), "%s.new", s->last_time);
    s->evidence = (struct clock_evidence){
        .build_ms = conf->build_ms,
        .rtc_valid = rtc_is_valid(conf->rtc_dir),
        .began_mono_ms = clock_steady_ms(),
    };
    if (read_number(s->last_time, &s->evidence.restored_ms) < 0)
        s->evidence.restored_ms = 0;
    *ret = TAKE(c);
    return 0;
}
