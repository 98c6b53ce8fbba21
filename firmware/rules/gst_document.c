/* SPDX-License-Identifier: Apache-2.0 */
#include "gst_document.h"

#include <assert.h>
#include <stddef.h>

#include "attr.h"

static const struct {
    bool supply; /* else a challan, whoever sends */
    char eway_supply_type;
    uint8_t eway_sub_supply;
    const char *eway_document;
    const char *eway_sub_text;
} movements[] = {
    [GST_DOCUMENT_SALE] = {true, 'O', 1, "INV", ""},
    [GST_DOCUMENT_VAN_SALE] = {false, 'O', 10, "CHL", ""},
    [GST_DOCUMENT_OWN_TRANSFER] = {false, 'O', 5, "CHL", ""},
    [GST_DOCUMENT_BRANCH_TRANSFER] = {true, 'O', 1, "INV", ""},
    [GST_DOCUMENT_SALES_RETURN] = {false, 'I', 7, "CHL", ""},
    [GST_DOCUMENT_PURCHASE_RETURN] = {false, 'O', 8, "OTH", "Purchase Return"},
    [GST_DOCUMENT_PURCHASE_RETURN_SUPPLIED] = {true, 'O', 1, "INV", ""},
    [GST_DOCUMENT_DESTRUCTION] = {false, 'O', 8, "CHL", "For Destruction"},
};

static const char *const names[] = {
    [GST_DOCUMENT_TAX_INVOICE] = "TAX_INVOICE",
    [GST_DOCUMENT_BILL_OF_SUPPLY] = "BILL_OF_SUPPLY",
    [GST_DOCUMENT_PLAIN_BILL] = "PLAIN_BILL",
    [GST_DOCUMENT_DELIVERY_CHALLAN] = "DELIVERY_CHALLAN",
    [GST_DOCUMENT_CREDIT_NOTE] = "GST_CREDIT_NOTE",
    [GST_DOCUMENT_COMMERCIAL_CREDIT_NOTE] = "COMMERCIAL_CREDIT_NOTE",
};

static enum gst_document bill_of(enum gst_document_seller seller, bool exempt)
{
    if (seller == GST_DOCUMENT_UNREGISTERED)
        return GST_DOCUMENT_PLAIN_BILL;
    if (seller == GST_DOCUMENT_COMPOSITION || exempt)
        return GST_DOCUMENT_BILL_OF_SUPPLY;
    return GST_DOCUMENT_TAX_INVOICE;
}

struct gst_document_choice gst_document_choose(enum gst_document_movement movement,
                                               enum gst_document_seller seller, bool exempt)
{
    assert((size_t)movement < ARRAY_LEN(movements));
    bool supply = movements[movement].supply;
    enum gst_document document = supply ? bill_of(seller, exempt) : GST_DOCUMENT_DELIVERY_CHALLAN;
    bool taxed = document == GST_DOCUMENT_TAX_INVOICE;
    return (struct gst_document_choice){
        .document = document,
        .taxed = taxed,
        .eway_supply_type = movements[movement].eway_supply_type,
        .eway_sub_supply = movements[movement].eway_sub_supply,
        .eway_document = supply && !taxed ? "BIL" : movements[movement].eway_document,
        .eway_sub_text = movements[movement].eway_sub_text,
    };
}

enum gst_document gst_document_of_note(const struct gst_credit_note *note)
{
    assert(note);
    return note->reason == GST_CREDIT_NOTE_OK ? GST_DOCUMENT_CREDIT_NOTE
                                              : GST_DOCUMENT_COMMERCIAL_CREDIT_NOTE;
}

const char *gst_document_name(enum gst_document document)
{
    assert((size_t)document < ARRAY_LEN(names));
    return names[document];
}
