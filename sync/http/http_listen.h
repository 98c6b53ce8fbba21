/* SPDX-License-Identifier: Apache-2.0 */
/* http/http_listen.h -- a listening socket of our own, because libmicrohttpd does not say why it
 * could not bind. It accepts nothing. */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "diag.h"

/* -EINVAL: no numeric address; else -errno of socket(2), bind(2), listen(2). With *reterr. */
NODISCARD int http_listen(const char *address, uint16_t port, struct diag *reterr, int *ret_fd,
                          uint16_t *ret_port);
