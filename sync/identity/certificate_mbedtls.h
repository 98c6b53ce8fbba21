/* SPDX-License-Identifier: Apache-2.0 */
/* identity/certificate_mbedtls.h -- for this folder only: certificates and requests as mbedtls
 * holds them. Each is initialised and freed by the caller, also after an error. */
#pragma once

#include <mbedtls/x509_crt.h>
#include <mbedtls/x509_csr.h>

#include "certificate.h"

#define CERTIFICATE_SUBJECT_SIZE (CERTIFICATE_NAME_SIZE + 3)

/* "CN=<name>" as mbedtls reads it. -EINVAL for a name that cannot stand in a certificate: one with
 * a comma would be two names. */
NODISCARD int certificate_subject(const char *name, char ret[CERTIFICATE_SUBJECT_SIZE]);

NODISCARD int certificate_parse(const char *pem, mbedtls_x509_crt *ret);
void certificate_facts_of(mbedtls_x509_crt *crt, struct certificate_facts *ret);

/* With its key and signature checked: errors as certificate_request_read(). */
NODISCARD int certificate_request_parse(const char *pem, mbedtls_x509_csr *ret);
