/* SPDX-License-Identifier: Apache-2.0 */
/* sync/download.h -- one packed document, or the rest of one, by an HTTPS range request
 * (contract/control.h). It runs beside everything else: no call blocks but for what libcurl does
 * without the network. It keeps nothing; whoever began it is given the bytes in order, in pieces as
 * messages would bring them, and begins another one when it breaks off. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "chunk.h"
#include "control.h"
#include "diag.h"
#include "relay_server.h"

#define DOWNLOAD_CONNECT_S 60
#define DOWNLOAD_STALL_S 60 /* without a byte */

struct download;

struct download_conf {
    struct relay_server server;
    const char *ticket;
    int64_t offset; /* first byte that is missing, a multiple of CHUNK_DATA_MAX */
    int64_t total;  /* of the whole body */

    /* CHUNK_DATA_MAX bytes, or what is left at the end. A negative return ends the download. */
    int (*take)(int64_t offset, const uint8_t *bytes, size_t len, void *context);
    void *context;
};

/* Begins. Copies conf's strings. -EINVAL with *reterr: the url; -ENOMEM. */
NODISCARD int download_open(const struct download_conf *conf, struct diag *reterr,
                            struct download **ret);

/* Goes on, to be called now and then.
 *   1         still under way
 *   0         all bytes were taken
 *   -EACCES   refused, or it is no such document any more: *reterr
 *   -EBADMSG  an answer with other bytes than were asked for: *reterr
 *   -EIO      broken off: *reterr says what libcurl says
 *   else      what take() returned */
NODISCARD int download_step(struct download *d, struct diag *reterr);

void download_free(struct download *d); /* ends it; NULL is fine */
DEFINE_AUTO(download);
