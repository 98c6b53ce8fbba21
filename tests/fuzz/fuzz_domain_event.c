/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What domain_event_read() takes is written and read again to the same text. The first byte chooses
 * the type. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "domain_event.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 || size > 65536)
        return 0;
    const char *type =
        domain_event_name((enum domain_event_type)(data[0] % DOMAIN_EVENT_TYPE_COUNT));
    char *json = malloc(size);
    if (!json)
        return 0;
    memcpy(json, data + 1, size - 1);
    json[size - 1] = '\0';
    struct diag why = {0};
    struct domain_event *e = NULL;
    int err = domain_event_read(type, DOMAIN_EVENT_VERSION, json, &why, &e);
    free(json);
    if (err < 0)
        return 0;
    char *once = domain_event_write(e);
    struct domain_event *again = NULL;
    if (!once || domain_event_read(type, DOMAIN_EVENT_VERSION, once, &why, &again) < 0)
        abort();
    char *twice = domain_event_write(again);
    if (!twice || strcmp(once, twice) != 0)
        abort();
    domain_event_free(e);
    domain_event_free(again);
    free(once);
    free(twice);
    return 0;
}
