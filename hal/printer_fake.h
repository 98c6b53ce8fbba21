/* SPDX-License-Identifier: Apache-2.0 */
/* hal/printer_fake.h -- a printer that keeps what it was sent; the test's side of the fake. */
#pragma once

#include "printer.h"
#include "zpl.h"

struct printer_fake {
    int send_err;   /* what printer_send() returns */
    int status_err; /* what printer_status() returns */
    struct printer_status status;
    int sent; /* labels taken whole */
    char last[ZPL_LABEL_MAX];
    size_t last_len;
};

/* Borrows *fake, which the test may change at any time. */
NODISCARD int printer_fake_open(struct printer_fake *fake, struct printer **ret);
