/* SPDX-License-Identifier: Apache-2.0 */
/* sync/enrol.h -- one request for a certificate over HTTPS (contract/enrolment.h). It keeps nothing
 * and repeats nothing; when to ask is the caller's. Blocks for ENROL_TIMEOUT_S at most: nobody
 * waits for syncd. */
#pragma once

#include "enrolment.h"
#include "relay_server.h"

#define ENROL_TIMEOUT_S 20

/*   0         granted
 *   -EACCES   refused: *ret_why and *reterr say why
 *   -EINVAL   the url, or an answer that makes no sense
 *   -EPROTO   an answer of another release
 *   -EIO      no answer: *reterr says what libcurl says
 *   -ENOMEM */
NODISCARD int enrol_ask(const struct relay_server *at, const struct enrolment_request *request,
                        struct diag *reterr, struct enrolment_grant *ret,
                        enum enrolment_refusal *ret_why);
