/* SPDX-License-Identifier: Apache-2.0 */
#include "clock.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock_driver.h"

int clock_now(struct clock *c, struct clock_reading *ret)
{
    assert(c && ret);

    struct clock_reading r = {0};
    int err = c->ops->now(c, &r);
    if (err < 0)
        return err;
    if (r.wall_ms < c->floor_ms) {
        /* Either the floor or the source is wrong, and we cannot tell which. */
        if (c->floor_ms - r.wall_ms > CLOCK_SLACK_MS && r.trust > CLOCK_RESTORED)
            r.trust = CLOCK_RESTORED;
        r.wall_ms = c->floor_ms;
    }
    *ret = r;
    return 0;
}

void clock_set_floor(struct clock *c, int64_t wall_ms)
{
    assert(c);
    if (wall_ms > c->floor_ms)
        c->floor_ms = wall_ms;
}

void clock_anchor(struct clock *c, int64_t wall_ms, int64_t mono_ms)
{
    assert(c);
    if (c->ops->anchor)
        c->ops->anchor(c, wall_ms, mono_ms);
}

int clock_persist(struct clock *c)
{
    assert(c);
    if (!c->ops->persist)
        return 0;
    struct clock_reading r;
    int err = clock_now(c, &r);
    return err < 0 ? err : c->ops->persist(c, r.wall_ms);
}

void clock_free(struct clock *c)
{
    if (c)
        c->ops->free(c);
}

int64_t clock_steady_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t); /* cannot fail for this clock */
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void clock_sleep_until(int64_t steady_ms)
{
    struct timespec at = {.tv_sec = (time_t)(steady_ms / 1000),
                          .tv_nsec = (long)(steady_ms % 1000) * 1000000L};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == EINTR)
        continue;
}

int clock_read_boot_id(char ret[CLOCK_BOOT_ID_SIZE])
{
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -EIO;
    char text[CLOCK_BOOT_ID_SIZE];
    ssize_t n = read(fd, text, sizeof(text) - 1);
    close(fd);
    if (n != sizeof(text) - 1)
        return -EIO;
    memcpy(ret, text, sizeof(text) - 1);
    ret[sizeof(text) - 1] = '\0';
    return 0;
}
