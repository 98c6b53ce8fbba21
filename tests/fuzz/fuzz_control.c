/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever reads as a message is written within its maximum, and what is written reads back to the
 * same text: nothing is lost between two ends of one release. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char nothing[1];
    struct control message;
    if (control_read(size > 0 ? (const char *)data : nothing, size, &message, NULL) != 0)
        return 0;
    char text[CONTROL_MAX];
    size_t len = control_write(&message, text);
    struct control back;
    char again[CONTROL_MAX];
    if (control_read(text, len, &back, NULL) != 0 || control_write(&back, again) != len ||
        memcmp(text, again, len) != 0)
        abort();
    return 0;
}
