/* SPDX-License-Identifier: Apache-2.0 */
#include "irn.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "document_no.h"
#include "financial_year.h"
#include "gstin.h"

#define GSTIN_CHARACTERS "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define UPPER_CASE_FROM_DAY 20240 /* 2025-06-01, GSTN advisory: numbers without regard to case */

static const char *const names[] = {
    [IRN_INVOICE] = "INV", [IRN_CREDIT_NOTE] = "CRN", [IRN_DEBIT_NOTE] = "DBN"};

const char *irn_document_name(enum irn_document document)
{
    assert((size_t)document < ARRAY_LEN(names));
    return names[document];
}

int irn_document_parse(const char *name, enum irn_document *ret)
{
    assert(name && ret);
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(name, names[i]) == 0) {
            *ret = (enum irn_document)i;
            return 0;
        }
    return -EINVAL;
}

int irn_text(const char *supplier_gstin, int32_t document_day, enum irn_document document,
             const char *no, char buf[IRN_TEXT_SIZE])
{
    assert(supplier_gstin && no && buf);
    if (strlen(supplier_gstin) != GSTIN_LEN ||
        strspn(supplier_gstin, GSTIN_CHARACTERS) != GSTIN_LEN)
        return -EINVAL;
    enum document_no_fault fault = document_no_check(no);
    if (fault == DOCUMENT_NO_LENGTH || fault == DOCUMENT_NO_CHARACTER)
        return -EINVAL;

    char key[DOCUMENT_NO_SIZE];
    int err = document_no_key(no, key, sizeof(key));
    if (err < 0)
        return err;
    char year[FINANCIAL_YEAR_SIZE];
    snprintf(buf, IRN_TEXT_SIZE, "%s%s%s%s", supplier_gstin,
             financial_year_format(financial_year_of(document_day), year),
             irn_document_name(document), document_day >= UPPER_CASE_FROM_DAY ? key : no);
    return 0;
}
