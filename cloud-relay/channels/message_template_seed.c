/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The texts of this release. An offer says what the trade wants to know before it buys short-dated
 * goods: SKU, batch, expiry, MRP, usual and offered price, how much, until when, the terms, and how
 * to have no more of them (domain: content of an offer). */
#include "message_template.h"

#include <assert.h>

#define OFFER_VARIABLES "outlet,sku,batch,expiry,mrp,usual,offer,most,until"
#define SMS_VARIABLES "sku,expiry,mrp,offer,most,until,reply"

static const struct seed {
    const char *name;
    enum message_channel channel;
    const char *language;
    const char *category;
    const char *provider_name;
    const char *variables;
    const char *body;
} seeds[] = {
    {TEMPLATE_OFFER, CHANNEL_WHATSAPP, "en", "marketing", "near_expiry_offer_v1", OFFER_VARIABLES,
     "{{outlet}}: {{sku}}, batch {{batch}}, expiry {{expiry}}, MRP Rs {{mrp}}. Usual price Rs"
     " {{usual}}, now Rs {{offer}} before tax. At most {{most}} to a shop, till {{until}} or while"
     " stock lasts. No return of these goods. Reply STOP to receive no offers."},
    {TEMPLATE_OFFER, CHANNEL_WHATSAPP, "hi", "marketing", "near_expiry_offer_v1", OFFER_VARIABLES,
     "{{outlet}}: {{sku}}, बैच {{batch}}, एक्सपायरी {{expiry}}, MRP ₹{{mrp}}। सामान्य मूल्य"
     " ₹{{usual}}, अभी कर से पहले ₹{{offer}}। प्रति दुकान अधिकतम {{most}}, {{until}} तक या स्टॉक"
     " रहने तक। यह माल वापस नहीं होगा। ऑफ़र बंद करने के लिए STOP लिखें।"},
    {TEMPLATE_OFFER, CHANNEL_SMS, "en", "marketing", "1107000000000000001", SMS_VARIABLES,
     "{{sku}}, expiry {{expiry}}, MRP Rs {{mrp}}: Rs {{offer}} before tax, max {{most}}, till"
     " {{until}}. No return. To order reply {{reply}} and how many; STOP ends offers."},
    {TEMPLATE_OFFER, CHANNEL_SMS, "hi", "marketing", "1107000000000000002", SMS_VARIABLES,
     "{{sku}}, एक्सपायरी {{expiry}}, MRP ₹{{mrp}}: कर से पहले ₹{{offer}}, अधिकतम {{most}},"
     " {{until}} तक। वापसी नहीं। ऑर्डर: {{reply}} और संख्या, बंद: STOP"},
    {TEMPLATE_OFFER, CHANNEL_EMAIL, "en", "marketing", "Short-dated stock at a lower price",
     OFFER_VARIABLES,
     "{{outlet}}\n\n{{sku}}, batch {{batch}}\nExpiry: {{expiry}}\nMRP: Rs {{mrp}}\nUsual price:"
     " Rs {{usual}}\nOffered at: Rs {{offer}} before tax\nAt most {{most}} to a shop, till"
     " {{until}} or while stock lasts. These goods are not taken back.\n\nYou receive this because"
     " you agreed to offers by email."},
    {TEMPLATE_OFFER, CHANNEL_EMAIL, "hi", "marketing", "कम मूल्य पर कम अवधि का स्टॉक", OFFER_VARIABLES,
     "{{outlet}}\n\n{{sku}}, बैच {{batch}}\nएक्सपायरी: {{expiry}}\nMRP: ₹{{mrp}}\nसामान्य मूल्य:"
     " ₹{{usual}}\nऑफ़र: कर से पहले ₹{{offer}}\nप्रति दुकान अधिकतम {{most}}, {{until}} तक या स्टॉक"
     " रहने तक। यह माल वापस नहीं होगा।\n\nआपने ईमेल से ऑफ़र के लिए सहमति दी है।"},
    {TEMPLATE_ORDER, CHANNEL_WHATSAPP, "en", "utility", "order_taken_v1", "sku,units,offer",
     "Your order of {{units}} of {{sku}} at Rs {{offer}} before tax is taken."},
    {TEMPLATE_ORDER, CHANNEL_WHATSAPP, "hi", "utility", "order_taken_v1", "sku,units,offer",
     "आपका ऑर्डर लिया गया: {{sku}}, {{units}}, कर से पहले ₹{{offer}}।"},
    {TEMPLATE_ORDER, CHANNEL_SMS, "en", "utility", "1107000000000000003", "sku,units,offer",
     "Your order of {{units}} of {{sku}} at Rs {{offer}} before tax is taken."},
    {TEMPLATE_WHICH, CHANNEL_WHATSAPP, "en", "utility", "which_offer_v1", "offers,example",
     "Several offers are open to you: {{offers}}. Please answer with the letter and how many, as"
     " {{example}}, or press the button under the offer."},
    {TEMPLATE_WHICH, CHANNEL_WHATSAPP, "hi", "utility", "which_offer_v1", "offers,example",
     "आपके लिए कई ऑफ़र खुले हैं: {{offers}}। कृपया अक्षर और संख्या लिखें, जैसे {{example}}, या"
     " ऑफ़र के नीचे का बटन दबाएँ।"},
    {TEMPLATE_WHICH, CHANNEL_SMS, "en", "utility", "1107000000000000006", "words,example",
     "Several offers are open to you: {{words}}. Reply the letter and how many, as {{example}}."},
    {TEMPLATE_WHICH, CHANNEL_SMS, "hi", "utility", "1107000000000000007", "words,example",
     "कई ऑफ़र खुले हैं: {{words}}। अक्षर और संख्या लिखें, जैसे {{example}}।"},
    {TEMPLATE_ALERT, CHANNEL_WHATSAPP, "en", "utility", "stock_alert_v1",
     "severity,message,action,link", "{{severity}}: {{message}} {{action}} {{link}}"},
    {TEMPLATE_ALERT, CHANNEL_SMS, "en", "utility", "1107000000000000004", "severity,link",
     "{{severity}} stock alert: {{link}}"},
    {TEMPLATE_ALERT, CHANNEL_EMAIL, "en", "utility", "Stock alert", "severity,message,action,link",
     "{{severity}}\n\n{{message}}\n{{action}}\n\n{{link}}"},
    {TEMPLATE_APPROVAL, CHANNEL_WHATSAPP, "en", "utility", "approval_v1", "what,why,link",
     "Your decision is wanted: {{what}}. {{why}} {{link}}"},
    {TEMPLATE_APPROVAL, CHANNEL_SMS, "en", "utility", "1107000000000000005", "link",
     "Your decision is wanted: {{link}}"},
    {TEMPLATE_APPROVAL, CHANNEL_EMAIL, "en", "utility", "Your decision is wanted", "what,why,link",
     "{{what}}\n\n{{why}}\n\n{{link}}"},
};

int message_template_seed(struct sql *s, int64_t now_ms)
{
    assert(s);
    for (size_t i = 0; i < ARRAY_LEN(seeds); i++) {
        AUTO(sql_query)
        q = sql_query(s, "INSERT INTO template(template, channel, language, version, category,"
                         " provider_name, body, variables, approved, made_ms) VALUES($1, $2, $3, 1,"
                         " $4, $5, $6, $7, 1, $8) ON CONFLICT DO NOTHING");
        sql_bind_text(q, 1, seeds[i].name);
        sql_bind_text(q, 2, channel_name(seeds[i].channel));
        sql_bind_text(q, 3, seeds[i].language);
        sql_bind_text(q, 4, seeds[i].category);
        sql_bind_text(q, 5, seeds[i].provider_name);
        sql_bind_text(q, 6, seeds[i].body);
        sql_bind_text(q, 7, seeds[i].variables);
        sql_bind_int(q, 8, now_ms);
        int err = sql_run(q);
        if (err < 0)
            return err;
    }
    return 0;
}
