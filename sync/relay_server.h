/* SPDX-License-Identifier: Apache-2.0 */
/* sync/relay_server.h -- where the relay's API is, and by what clock its certificate is judged. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct relay_server {
    const char *url; /* https://HOST[:PORT]; http:// for 127.0.0.1, [::1] and localhost alone */
    const char *ca;  /* PEM file that the server is checked by; "" the system's */
    int64_t now_ms;  /* for the dates of the server's certificate */
    bool doubtful;
};
