/* SPDX-License-Identifier: Apache-2.0 */
/* sync/identity_folder.h -- this appliance's key and certificates as files, the form that the
 * transport reads: FOLDER/identity/key.pem, certificate.pem (leaf and issuers), ca.pem. The key is
 * made here at the first start, never in an image; the others come by enrolment, or are laid there
 * by whoever commissions without a network. */
#pragma once

#include <stdbool.h>

#include "certificate.h"
#include "enrolment.h"

#define IDENTITY_PATH_SIZE 256

#define IDENTITY_LINE_MAX 256

/* The first line of ENROLMENT_CLAIM_FILE or ENROLMENT_RELAY_FILE. -ENOENT: nobody laid it there;
 * -EINVAL: it is no code; -ENAMETOOLONG. */
NODISCARD int identity_folder_line(const char *folder, const char *name, char *ret, size_t size);

struct identity_folder {
    char key_path[IDENTITY_PATH_SIZE];
    char certificate_path[IDENTITY_PATH_SIZE];
    char ca_path[IDENTITY_PATH_SIZE];
    struct key *key;
    bool certified; /* there is a certificate of this key; facts say which */
    struct certificate_facts facts;
};

/* Makes the folder and the key where they are missing, and reads what is there. A certificate of
 * another key, or one that cannot be read, is none. -errno of the files, errors as key_open(). */
NODISCARD int identity_folder_open(const char *folder, struct diag *reterr,
                                   struct identity_folder *ret);

/* Checks what the relay granted against this key, and lays it down: the new certificate counts from
 * its rename on, and a power cut leaves the old one.
 *   -EKEYREJECTED -EKEYEXPIRED -EBADMSG  as certificate_check(), or it is of another key or name
 *   -errno of the files */
NODISCARD int identity_folder_take(struct identity_folder *f, const struct enrolment_grant *grant,
                                   int64_t now_ms, bool doubtful, struct diag *reterr);

void identity_folder_close(struct identity_folder *f);
