/* SPDX-License-Identifier: Apache-2.0 */
/* hal/printer_tcp.h -- a printer on a raw TCP port (9100). It connects anew for each label and each
 * question, for such printers serve one peer at a time. */
#pragma once

#include "printer.h"

#define PRINTER_TCP_PORT 9100

/* host is a numeric IPv4 or IPv6 address, so that no name server is waited for; -EINVAL otherwise.
 * Opens nothing yet: a printer may be switched on later. */
NODISCARD int printer_tcp_open(const char *host, int port, struct printer **ret);
