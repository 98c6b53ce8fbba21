/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/catalogue_index.h -- the master data in force at the relay, parsed and looked up by
 * code: SKUs and parties from the newest documents of scope "*", sites from their table. Read only;
 * one owner. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "catalogue.h"
#include "diag.h"
#include "sql.h"

#define SITE_GSTIN_SIZE 16
#define SITE_PINCODE_SIZE 7

struct site { /* a row of table site */
    char site[ENTRY_PARTY_SIZE];
    char name[CATALOGUE_NAME_SIZE];
    char territory[CATALOGUE_WORD_SIZE];
    char gstin[SITE_GSTIN_SIZE];
    char pincode[SITE_PINCODE_SIZE];
    int32_t state;
    int64_t latitude_e6, longitude_e6;
    int64_t receive_kg;
};

struct catalogue_index;

/* Reads what is there; documents that are missing are as empty ones. -EINVAL with *reterr for a
 * document that cannot be read (none such should be in force). */
NODISCARD int catalogue_index_open(struct sql *s, struct diag *reterr,
                                   struct catalogue_index **ret);

/* Reads again what has a newer version; sites each time. 1: something changed. */
NODISCARD int catalogue_index_refresh(struct catalogue_index *c, struct sql *s,
                                      struct diag *reterr);
void catalogue_index_free(struct catalogue_index *c);
DEFINE_AUTO(catalogue_index);

int64_t catalogue_index_version(const struct catalogue_index *c, enum document_type type); /* 0 */

/* NULL: not known. Borrowed until the next refresh. */
const struct catalogue_sku *catalogue_index_sku(const struct catalogue_index *c, const char *sku);
const struct catalogue_party *catalogue_index_party(const struct catalogue_index *c,
                                                    const char *party);
const struct site *catalogue_index_site(const struct catalogue_index *c, const char *site);

/* All of them, ascending by code. */
const struct catalogue_sku *catalogue_index_skus(const struct catalogue_index *c,
                                                 size_t *ret_count);
const struct catalogue_party *catalogue_index_parties(const struct catalogue_index *c,
                                                      size_t *ret_count);
const struct site *catalogue_index_sites(const struct catalogue_index *c, size_t *ret_count);
