/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/input-event-codes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner_evdev.h"

#define ATTRIBUTE_SIZE 512

/* One attribute of an input device as sysfs shows it, without its line end; "" when it has none. */
static void read_attribute(const char *sysfs, const char *event, const char *attribute,
                           char ret[ATTRIBUTE_SIZE])
{
    ret[0] = '\0';
    char path[SCANNER_PATH_SIZE * 2];
    int len = snprintf(path, sizeof(path), "%s/%s/device/%s", sysfs, event, attribute);
    if (len < 0 || (size_t)len >= sizeof(path))
        return;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    ssize_t n = read(fd, ret, ATTRIBUTE_SIZE - 1);
    close(fd);
    ret[n > 0 ? n : 0] = '\0';
    ret[strcspn(ret, "\n")] = '\0';
}

/* capabilities/key is a bit mask in hexadecimal words, the lowest last. */
static bool types_digits(const char *sysfs, const char *event)
{
    char mask[ATTRIBUTE_SIZE];
    read_attribute(sysfs, event, "capabilities/key", mask);
    const char *last = strrchr(mask, ' ');
    unsigned long long low = strtoull(last ? last + 1 : mask, NULL, 16);
    unsigned long long want = 1ULL << KEY_1 | 1ULL << KEY_0 | 1ULL << KEY_ENTER;
    return (low & want) == want;
}

static bool matches(const struct scanner_profile *p, const char *sysfs, const char *event)
{
    char text[ATTRIBUTE_SIZE];
    read_attribute(sysfs, event, "name", text);
    if (strcmp(text, p->match_name) != 0)
        return false;
    read_attribute(sysfs, event, "uniq", text);
    if (p->match_serial[0] != '\0' && strcmp(text, p->match_serial) != 0)
        return false;
    return types_digits(sysfs, event);
}

static int is_event(const struct dirent *entry)
{
    return strncmp(entry->d_name, "event", 5) == 0;
}

int scanner_evdev_find(const struct scanner_profile *p, const char *sysfs, const char *dev,
                       char ret_path[SCANNER_PATH_SIZE])
{
    assert(p && sysfs && dev && ret_path);

    struct dirent **names = NULL;
    int n = scandir(sysfs, &names, is_event, versionsort); /* event9 before event10 */
    if (n < 0)
        return errno == ENOMEM ? -ENOMEM : -ENODEV;
    int err = -ENODEV;
    for (int i = 0; i < n; i++) {
        if (err == -ENODEV && matches(p, sysfs, names[i]->d_name)) {
            char path[SCANNER_PATH_SIZE * 2];
            int len = snprintf(path, sizeof(path), "%s/%s", dev, names[i]->d_name);
            err = len > 0 && len < SCANNER_PATH_SIZE ? 0 : -ENAMETOOLONG;
            if (err == 0)
                memcpy(ret_path, path, (size_t)len + 1);
        }
        free(names[i]);
    }
    free(names);
    return err;
}
