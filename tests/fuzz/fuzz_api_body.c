/* SPDX-License-Identifier: Apache-2.0 */
/* What is accepted is in its bounds, and written out and read again it is the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"
#include "web_body.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    enum web_body_kind kind = (enum web_body_kind)(data[0] % 4);
    struct web_body body = {.days = 0};
    if (web_body_read(kind, (const char *)data + 1, size - 1, NULL, &body) < 0)
        return 0;
    if (kind == BODY_NONE || (kind == BODY_COMMAND && !utf8_is_clean(body.command)) ||
        (kind == BODY_SNOOZE && (body.days < 1 || body.days > WEB_SNOOZE_DAYS_MAX)))
        abort();
    char *text = web_body_write(kind, &body);
    struct web_body again = {.days = 0};
    if (!text || web_body_read(kind, text, strlen(text), NULL, &again) < 0 ||
        strcmp(body.command, again.command) != 0 || body.days != again.days)
        abort();
    free(text);
    return 0;
}
