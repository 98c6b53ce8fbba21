/* SPDX-License-Identifier: Apache-2.0 */
#include "device_roster.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "text.h"

static struct web_device *find(struct device_roster *r, const char *device)
{
    for (size_t i = 0; i < r->count; i++)
        if (strcmp(r->devices[i].name, device) == 0)
            return &r->devices[i];
    return NULL;
}

static bool has_post(const struct station_conf *floor, const char *post)
{
    for (size_t i = 0; i < floor->posts_count; i++)
        if (strcmp(floor->posts[i].post, post) == 0)
            return true;
    return false;
}

int device_roster_claim(struct device_roster *r, const char *what,
                        const struct floor_device *device, struct diag *reterr)
{
    assert(r && what && device);
    if (*device->post && !has_post(r->floor, device->post)) {
        diag_set(reterr, 0, "%s: post=%s: no [floor] post is called so", what, device->post);
        return -EINVAL;
    }
    if (find(r, device->name)) {
        diag_set(reterr, 0, "%s: two devices are called %s", what, device->name);
        return -EINVAL;
    }
    assert(r->count < WEB_DEVICES_MAX);
    struct web_device *d = &r->devices[r->count++];
    text_cut(d->name, sizeof(d->name), device->name);
    text_cut(d->kind, sizeof(d->kind), device->kind);
    text_cut(d->post, sizeof(d->post), device->post);
    d->state = device->awaited ? WEB_DEVICE_LOST : WEB_DEVICE_OFF;
    return 0;
}

void device_roster_note(struct device_roster *r, const char *device, bool online)
{
    struct web_device *d = find(r, device);
    assert(d); /* it was claimed */
    d->state = online ? WEB_DEVICE_FINE : WEB_DEVICE_LOST;
}
