/* SPDX-License-Identifier: Apache-2.0 */
/* sync/enrol.h -- one request for a certificate over HTTPS (contract/enrolment.h). It keeps nothing
 * and repeats nothing; when to ask is the caller's. Blocks for ENROL_TIMEOUT_S at most: nobody
 * waits for syncd. */
#pragma once

#include <stdbool.h>

#include "enrolment.h"

#define ENROL_TIMEOUT_S 20

struct enrol {
    const char *url; /* https://HOST[:PORT]; http:// for 127.0.0.1, [::1] and localhost alone */
    const char *ca;  /* PEM file that the server is checked by; "" the system's */
    int64_t now_ms;  /* for the dates of the server's certificate */
    bool doubtful;
};

/*   0         granted
 *   -EACCES   refused: *ret_why and *reterr say why
 *   -EINVAL   the url, or an answer that makes no sense
 *   -EPROTO   an answer of another release
 *   -EIO      no answer: *reterr says what libcurl says
 *   -ENOMEM */
NODISCARD int enrol_ask(const struct enrol *at, const struct enrolment_request *request,
                        struct diag *reterr, struct enrolment_grant *ret,
                        enum enrolment_refusal *ret_why);
