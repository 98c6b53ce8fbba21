/* SPDX-License-Identifier: Apache-2.0 */
#include "message.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

/* Sorted by code. */
static const struct message messages[] = {
    {"all_of_it", "All: {0}", "सारा: {0}"},
    {"answer_first", "Answer the question on the screen first.", "पहले स्क्रीन पर पूछे सवाल का जवाब दें।"},
    {"arrived", "Taken in: {0} {1}, {2}.", "आया माल दर्ज: {0} {1}, {2}।"},
    {"arrived_damaged", "Damaged: {0} {1} to quarantine.", "खराब माल: {0} {1} अलग रखें।"},
    {"ask_capture", "Unknown code. How many pieces carry it?", "कोड अनजान है। इस कोड के कितने नग हैं?"},
    {"ask_conflict", "This pack says {0}, in hand is {1}. Which is right?",
     "इस पैक पर {0} है, हाथ में {1} है। सही कौन सा है?"},
    {"ask_far_date", "Expiry {0} is later than this product keeps. Is it right?",
     "एक्सपायरी {0} बहुत दूर की है। क्या यह सही है?"},
    {"ask_lot", "Which batch of {0} is it? Read it from the pack.",
     "{0} का कौन सा बैच है? पैक पर देखें।"},
    {"ask_missing", "Something booked in bin {0} was not scanned. Look again. Is it not there?",
     "बिन {0} का कुछ माल स्कैन नहीं हुआ। फिर देखें। क्या वह वहाँ नहीं है?"},
    {"ask_more_than_ordered", "This is more than order {0} asks for. Receive it all the same?",
     "ऑर्डर {0} से ज़्यादा माल है। फिर भी लें?"},
    {"ask_more_than_sent", "This is more than was sent. Take it in, to quarantine?",
     "भेजे गए से ज़्यादा माल है। अलग रखकर लें?"},
    {"ask_not_ordered", "Order {0} does not list this product. Receive it all the same?",
     "यह माल ऑर्डर {0} में नहीं है। फिर भी लें?"},
    {"ask_separator", "Is the batch {0}, or is it {1} with expiry {2}? Look at the pack.",
     "बैच {0} है, या बैच {1} और एक्सपायरी {2}? पैक पर देखें।"},
    {"ask_short_life", "Too little life left: good until {0}. Hold the goods or send them away?",
     "बची अवधि कम है: {0} तक। माल रोकें या वापस भेजें?"},
    {"ask_zero", "Nothing was scanned in bin {0}. Is it empty?",
     "बिन {0} में कुछ स्कैन नहीं हुआ। क्या बिन खाली है?"},
    {"badge_first", "Scan your badge first.", "पहले अपना बैज स्कैन करें।"},
    {"bin_chosen", "Bin {0}.", "बिन {0}।"},
    {"bin_empty", "The bin is empty", "बिन खाली है"},
    {"bin_other", "This is bin {0}, not {1}.", "यह बिन {0} है, {1} नहीं।"},
    {"bin_right", "Bin {0} is right.", "बिन {0} सही है।"},
    {"bin_unfit", "Bin {0} is not for these goods.", "बिन {0} इस माल के लिए नहीं है।"},
    {"bind_none", "No unknown codes wait.", "कोई अनजान कोड बाकी नहीं है।"},
    {"bound", "The code is known now: {1}. {0} booked into bin {2}.",
     "कोड पहचाना गया: {1}। {0} बिन {2} में दर्ज।"},
    {"cancel", "Cancel", "रद्द करें"},
    {"cancelled", "Laid aside. Nothing was booked.", "छोड़ दिया। कुछ दर्ज नहीं हुआ।"},
    {"cannot_undo", "This cannot be taken back.", "इसे वापस नहीं ले सकते।"},
    {"capture_wanted", "Unknown code. Count the pieces that carry it.",
     "कोड अनजान है। इस कोड के नग गिनें।"},
    {"captured", "{0} pieces of an unknown product noted. Put them into {1}.",
     "अनजान माल के {0} नग दर्ज। {1} में रखें।"},
    {"choose_flow", "What do you want to do?", "क्या काम करना है?"},
    {"clock_doubtful", "The clock is not sure. {0}, {1} may be too old: it stays here.",
     "घड़ी पक्की नहीं है। {0}, {1} पुराना हो सकता है: यहीं रखें।"},
    {"closed_short", "Closed short by {0} {1}.", "{0} {1} कम, लाइन बंद।"},
    {"code_malformed", "The code is damaged or misprinted. Scan again, or key it in.",
     "कोड खराब है। फिर स्कैन करें या हाथ से भरें।"},
    {"command_argument", "That value cannot be. Key it in again.", "यह मान ठीक नहीं। फिर भरें।"},
    {"command_not_here", "That does not belong to this step.", "यह इस काम में नहीं होता।"},
    {"command_unknown", "This card is not known here.", "यह कार्ड पहचाना नहीं गया।"},
    {"conflict", "This pack says {0}, in hand is {1}. Look at the screen.",
     "इस पैक पर {0}, हाथ में {1}। स्क्रीन देखें।"},
    {"corrected", "Corrected: {0} {1} is now {2}.", "सुधार दर्ज: {0} {1} अब {2}।"},
    {"count_again", "Count bin {0} once more, from the beginning.", "बिन {0} शुरू से दोबारा गिनें।"},
    {"count_bin", "Bin {0}: scan every piece, then OK.", "बिन {0}: हर नग स्कैन करें, फिर ओके दबाएँ।"},
    {"count_full", "Too many kinds in this bin. Book what is counted with OK.",
     "बिन में बहुत तरह का माल है। ओके दबाकर दर्ज करें।"},
    {"count_moved", "Goods were moved in bin {0} meanwhile. Count it once more.",
     "गिनती के बीच बिन {0} का माल हिला। दोबारा गिनें।"},
    {"counted", "Bin {0} is counted.", "बिन {0} की गिनती दर्ज।"},
    {"counted_line", "Counted: {1} {0}.", "गिना: {1} {0}।"},
    {"date_impossible", "These dates cannot be. Look at the pack again.",
     "ये तारीखें सही नहीं। पैक फिर देखें।"},
    {"date_is_right", "The date is right", "तारीख सही है"},
    {"dispatched", "Loaded: {0} {1}, {2}.", "लादा गया: {0} {1}, {2}।"},
    {"disposed", "Disposed: {0} {1}, {2}.", "नष्ट दर्ज: {0} {1}, {2}।"},
    {"document_done", "{0} is complete.", "{0} पूरा हुआ।"},
    {"document_first", "Scan the document first.", "पहले कागज़ का कोड स्कैन करें।"},
    {"document_open", "{0} is open.", "{0} खुल गया।"},
    {"expired", "Expired: {0}, {1}. Set it apart.", "एक्सपायर: {0}, {1}। अलग रखें।"},
    {"expired_at_receipt", "{0} expired on {1}. Do not take it.",
     "{0} {1} को एक्सपायर हो चुका। न लें।"},
    {"far_date", "Expiry {0} looks too late. Look at the pack.",
     "एक्सपायरी {0} बहुत दूर की है। पैक देखें।"},
    {"finish_first", "Finish what is in hand first: OK or Cancel.",
     "पहले हाथ का काम पूरा करें: ओके या रद्द।"},
    {"flow_arrive", "Take in a transfer", "ट्रांसफर का माल लें"},
    {"flow_bind", "Unknown codes", "अनजान कोड"},
    {"flow_correct", "Correct a batch", "बैच सुधारें"},
    {"flow_count", "Count", "गिनती"},
    {"flow_dispatch", "Load a transfer", "ट्रांसफर लादें"},
    {"flow_dispose", "Dispose", "नष्ट करें"},
    {"flow_home", "Home", "मुख्य पृष्ठ"},
    {"flow_look", "Look up", "माल देखें"},
    {"flow_pick", "Pick", "माल निकालें"},
    {"flow_put_away", "Put away", "माल रखें"},
    {"flow_receive", "Receive", "माल लें"},
    {"flow_return", "Returns", "वापसी"},
    {"flow_send_back", "Back to supplier", "कंपनी को वापस"},
    {"flow_weigh", "Weigh", "तौलें"},
    {"good", "Good.", "ठीक है।"},
    {"goods_moved_on", "The goods have moved on. It cannot be taken back.",
     "माल आगे जा चुका है। वापस नहीं ले सकते।"},
    {"home", "Home", "मुख्य पृष्ठ"},
    {"in_hand", "{0}: {1}, {2}", "{0}: {1}, {2}"},
    {"in_hand_of", "{0} of {1} in hand.", "{1} में से {0} हाथ में।"},
    {"in_quarantine", "In quarantine: {0}, {1}. It does not leave.",
     "जाँच में रोका माल: {0}, {1}। न निकालें।"},
    {"journal_failed", "The device cannot read its records. Call the technician.",
     "मशीन रिकॉर्ड नहीं पढ़ पा रही। तकनीशियन को बुलाएँ।"},
    {"keep", "Keep {0}", "{0} ही रखें"},
    {"key_batch", "{0}: key in the batch, or choose one.", "{0}: बैच नंबर भरें या चुनें।"},
    {"key_expiry", "{0}: key in the expiry date.", "{0}: एक्सपायरी तारीख भरें।"},
    {"key_made", "{0}: key in the date of manufacture.", "{0}: बनने की तारीख भरें।"},
    {"key_mrp", "{0}: key in the MRP on the pack.", "{0}: पैक पर छपी एमआरपी भरें।"},
    {"key_note", "Key in the evidence: what happened, photo or report number.",
     "सबूत लिखें: क्या हुआ, फोटो या रिपोर्ट नंबर।"},
    {"key_right_parts", "{0}, {1}: key in what is right, then OK.",
     "{0}, {1}: सही बात भरें, फिर ओके दबाएँ।"},
    {"key_units", "{0}: one unknown code is {1}? Key in the number, or OK.",
     "{0}: एक अनजान कोड में {1}? संख्या भरें या ओके दबाएँ।"},
    {"language_en", "English", "English"},
    {"language_hi", "हिन्दी", "हिन्दी"},
    {"language_set", "English.", "हिन्दी।"},
    {"line_chosen", "Line {0}.", "लाइन {0}।"},
    {"line_skipped", "Put off. Here is the next.", "बाद के लिए छोड़ा। अगला यह है।"},
    {"line_without_stock", "{0}: nothing that may leave is in stock.", "{0}: भेजने लायक माल नहीं है।"},
    {"look_again", "Look again", "फिर देखें"},
    {"look_bin", "Bin {0}: {1} kinds of goods.", "बिन {0}: {1} तरह का माल।"},
    {"look_bin_empty", "Bin {0} is empty.", "बिन {0} खाली है।"},
    {"look_goods", "{0}: {1} in stock.", "{0}: स्टॉक में {1}।"},
    {"look_lot", "{0}, {1}, in bin {2}, {3}", "{0}, {1}, बिन {2}, {3}"},
    {"look_negative", "{0}: the books say {1} in bin {2}. Count the bin.",
     "{0}: बिन {2} में रिकॉर्ड {1} है। बिन गिनें।"},
    {"look_none", "{0}: nothing in stock.", "{0}: स्टॉक में नहीं है।"},
    {"lost", "Lost on the way: {0} {1}.", "रास्ते में कम: {0} {1}।"},
    {"more_than_lot", "Only {0} lies there.", "वहाँ केवल {0} है।"},
    {"more_than_ordered", "More than ordered: {0} are open.", "ऑर्डर से ज़्यादा: {0} बाकी है।"},
    {"more_than_sent", "More than sent: {0} are open.", "भेजे गए से ज़्यादा: {0} बाकी है।"},
    {"more_than_wanted", "Too many: {0} are wanted. Put the rest back.",
     "ज़्यादा है: {0} चाहिए। बाकी वापस रखें।"},
    {"moved", "Put away: {0} {1} into bin {2}.", "रखा गया: {0} {1} बिन {2} में।"},
    {"next_lot", "Next", "अगला"},
    {"no_free_bin", "No bin with room was found. Scan the bin that you use.",
     "खाली बिन नहीं मिला। जिस बिन में रखें उसे स्कैन करें।"},
    {"no_such_choice", "There is no such choice.", "ऐसा कोई विकल्प नहीं है।"},
    {"no_weight_here", "A weight is not needed here.", "यहाँ वज़न नहीं चाहिए।"},
    {"none_there", "It is not there", "वह वहाँ नहीं है"},
    {"not_allowed", "Only a supervisor may do this.", "यह काम केवल सुपरवाइज़र कर सकता है।"},
    {"not_by_weight", "{0} is counted, not weighed.", "{0} गिना जाता है, तौला नहीं।"},
    {"not_in_bin", "{0}, {1} is not in bin {2}.", "{0}, {1} बिन {2} में नहीं है।"},
    {"not_in_stock", "{0}, {1} is not in stock.", "{0}, {1} स्टॉक में नहीं है।"},
    {"not_in_transfer", "{0} is not in transfer {1}.", "{0} ट्रांसफर {1} में नहीं है।"},
    {"not_ordered", "{0} is not on order {1}.", "{0} ऑर्डर {1} में नहीं है।"},
    {"not_permitted", "Goods in this state may not go that way.", "इस हालत का माल ऐसे नहीं जा सकता।"},
    {"not_proposed", "{0} should leave first. Why another?", "पहले {0} जाना चाहिए। दूसरा क्यों?"},
    {"not_saved", "NOT saved. The disk refused it: scan again, then call the technician.",
     "दर्ज नहीं हुआ। फिर स्कैन करें, न हो तो तकनीशियन को बुलाएँ।"},
    {"noted_batch", "{0} noted. Scan the product.", "{0} याद रखा। अब माल स्कैन करें।"},
    {"nothing_changed", "Nothing differs from what is booked.", "रिकॉर्ड से कुछ अलग नहीं है।"},
    {"nothing_to_print", "There is nothing to print.", "छापने को कुछ नहीं है।"},
    {"nothing_to_undo", "There is nothing to take back.", "वापस लेने को कुछ नहीं है।"},
    {"offer_batch", "{0}", "{0}"},
    {"offer_lot", "{0}, bin {1}, {2}", "{0}, बिन {1}, {2}"},
    {"ok", "OK", "ओके"},
    {"ok_to_dispose", "OK books it as destroyed.", "ओके दबाने पर नष्ट दर्ज होगा।"},
    {"ok_to_receive", "Count it, then OK.", "गिनें, फिर ओके दबाएँ।"},
    {"ok_to_return", "Count it, then OK.", "गिनें, फिर ओके दबाएँ।"},
    {"ok_to_send_back", "OK books it as sent back.", "ओके दबाने पर वापस भेजा दर्ज होगा।"},
    {"on_hold", "On hold: {0}, {1}. It does not leave.", "रोका हुआ माल: {0}, {1}। न निकालें।"},
    {"part_missing", "Something is missing. Look at the screen.", "कुछ बाकी है। स्क्रीन देखें।"},
    {"picked", "Picked: {0} {1}, {2}.", "निकाला: {0} {1}, {2}।"},
    {"pin_wait", "Too many wrong PINs. Wait {0} seconds.", "पिन कई बार गलत। {0} सेकंड रुकें।"},
    {"pin_wanted", "{0}: your PIN, please.", "{0}: अपना पिन डालें।"},
    {"print_label", "Print labels for batch {0}", "बैच {0} के लेबल छापें"},
    {"printing", "{0} labels are printing.", "{0} लेबल छप रहे हैं।"},
    {"qty_missing", "How many? Scan each, or key the number in.",
     "कितने हैं? हर एक स्कैन करें या संख्या भरें।"},
    {"reason_blocked", "The way is blocked", "रास्ता बंद है"},
    {"reason_breakage", "Broken", "टूट गया"},
    {"reason_clock_doubtful", "Clock not sure", "घड़ी पक्की नहीं"},
    {"reason_customer_wish", "The shop wants it", "दुकानदार ने माँगा"},
    {"reason_damaged", "Damaged", "खराब"},
    {"reason_expired", "Expired", "एक्सपायर"},
    {"reason_found", "Found", "मिल गया"},
    {"reason_inspected_bad", "Inspected: bad", "जाँचा: खराब"},
    {"reason_inspected_good", "Inspected: good", "जाँचा: ठीक"},
    {"reason_keying_error", "Keyed in wrong", "गलत भरा गया"},
    {"reason_missing", "Missing", "गायब"},
    {"reason_near_expiry", "Expires soon", "एक्सपायरी पास है"},
    {"reason_not_found", "Not found", "नहीं मिला"},
    {"reason_not_sold", "Not sold", "नहीं बिका"},
    {"reason_other", "Another reason", "कोई और कारण"},
    {"reason_recall", "Recalled by the company", "कंपनी ने वापस मँगाया"},
    {"reason_refused", "Refused by the shop", "दुकानदार ने नहीं लिया"},
    {"reason_sample", "Given as a sample", "सैंपल में दिया"},
    {"reason_short", "Short", "कम निकला"},
    {"reason_short_life", "Too little life left", "बची अवधि कम"},
    {"reason_stolen", "Stolen", "चोरी"},
    {"reason_wrong_batch", "Wrong batch", "गलत बैच"},
    {"reason_wrong_expiry", "Wrong expiry", "गलत एक्सपायरी"},
    {"reason_wrong_goods", "Wrong goods", "गलत माल"},
    {"reason_wrong_mrp", "Wrong MRP", "गलत एमआरपी"},
    {"receipt_clock_doubtful", "The clock is not sure: {0}, good until {1}, may be too old.",
     "घड़ी पक्की नहीं: {0}, {1} तक, पुराना हो सकता है।"},
    {"receive_anyway", "Receive it", "ले लें"},
    {"received", "Received: {0} {1}, {2}.", "माल लिया: {0} {1}, {2}।"},
    {"received_on_hold", "Received and held: {0} {1}, {2}.", "लिया और रोका: {0} {1}, {2}।"},
    {"repeat", "The same scan again: counted once.", "वही स्कैन दोबारा: एक ही गिना।"},
    {"restated", "{0} {1} is now: {2}.", "{0} {1} अब: {2}।"},
    {"returned", "Returned: {0} {1} to quarantine.", "वापसी: {0} {1} जाँच में रखें।"},
    {"scan_badge", "Scan your badge.", "अपना बैज स्कैन करें।"},
    {"scan_bin_to_count", "Scan the bin that you count.", "जो बिन गिनना है उसे स्कैन करें।"},
    {"scan_bin_to_dispose", "Scan the bin, then the goods.", "पहले बिन, फिर माल स्कैन करें।"},
    {"scan_document", "Scan the document.", "कागज़ का कोड स्कैन करें।"},
    {"scan_lost", "The scan was lost. Scan again.", "स्कैन छूट गया। फिर स्कैन करें।"},
    {"scan_partial", "Only a part of the code came. Scan again.", "कोड अधूरा आया। फिर स्कैन करें।"},
    {"scan_product_first", "Scan the product first.", "पहले माल स्कैन करें।"},
    {"scan_product_to_bind",
     "A code was noted {0} times. Scan a known code of the product, or search it.",
     "एक कोड {0} बार दर्ज है। उसी माल का जाना हुआ कोड स्कैन करें या खोजें।"},
    {"scan_to_correct", "Scan the goods whose batch is booked wrong.",
     "जिस माल का बैच गलत है उसे स्कैन करें।"},
    {"scan_to_look", "Scan anything: goods or a bin.", "कुछ भी स्कैन करें: माल या बिन।"},
    {"scan_to_put_away", "Scan the goods on the dock.", "डॉक का माल स्कैन करें।"},
    {"scan_to_receive", "Scan the goods.", "माल स्कैन करें।"},
    {"scan_to_return", "Scan the returned goods.", "वापस आया माल स्कैन करें।"},
    {"scan_to_take_in", "Scan the goods of the transfer.", "ट्रांसफर का माल स्कैन करें।"},
    {"scan_witness", "The witness scans a badge.", "गवाह अपना बैज स्कैन करे।"},
    {"send_away", "Send away", "वापस भेजें"},
    {"sent_away", "{0} is sent away. Nothing was booked.", "{0} वापस भेजा। कुछ दर्ज नहीं हुआ।"},
    {"sent_back", "Sent back: {0} {1}, {2}.", "कंपनी को वापस: {0} {1}, {2}।"},
    {"separator_lost", "Is the batch {0}, or {2}? Look at the screen.",
     "बैच {0} है या {2}? स्क्रीन देखें।"},
    {"short", "Not enough there", "माल कम है"},
    {"short_life", "{0}, {1}: too little life left for this shop.",
     "{0}, {1}: इस दुकान के लिए बची अवधि कम है।"},
    {"short_life_at_receipt", "{0}, good until {1}: too little life left.",
     "{0}, {1} तक: बची अवधि कम है।"},
    {"sign_in_first", "Scan your badge first.", "पहले अपना बैज स्कैन करें।"},
    {"signed_in", "Good day, {0}.", "नमस्ते, {0}।"},
    {"signed_in_already", "You are signed in, {0}.", "{0}, आप पहले से अंदर हैं।"},
    {"signed_out", "Signed out.", "काम बंद। धन्यवाद।"},
    {"skip", "Later", "बाद में"},
    {"split_batch", "{0}, expiry {1}", "{0}, एक्सपायरी {1}"},
    {"start_over", "Start over", "शुरू से गिनें"},
    {"status_hold", "Hold", "रोकें"},
    {"status_quarantine", "Quarantine", "जाँच में रखें"},
    {"status_sellable", "May be sold", "बिक्री के लिए ठीक"},
    {"take_from_bin", "Take {0} {1}, {2}, from bin {3}.", "बिन {3} से {0} {1}, {2} लें।"},
    {"take_new", "Take {0}", "{0} लें"},
    {"take_on_hold", "Take and hold", "लेकर रोकें"},
    {"take_to_bin", "Put {0} {1} into bin {2}. Scan the bin.", "{0} {1} बिन {2} में रखें। बिन स्कैन करें।"},
    {"too_much", "That is more than can be.", "इतना नहीं हो सकता।"},
    {"type_pin", "Type your PIN.", "अपना पिन डालें।"},
    {"undo", "Take back the last", "पिछला वापस लें"},
    {"undone", "Taken back.", "वापस लिया गया।"},
    {"unknown_bin", "There is no bin {0}.", "बिन {0} नहीं है।"},
    {"unknown_code", "Nothing is known of this code.", "यह कोड अनजान है।"},
    {"unknown_document", "There is no document {0} here.", "{0} नाम का कागज़ यहाँ नहीं है।"},
    {"unknown_product", "There is no product {0}.", "{0} नाम का माल नहीं है।"},
    {"unknown_worker", "This badge is not known here.", "यह बैज पहचाना नहीं गया।"},
    {"weigh_now", "{0}: put it on the scale, then Weigh.", "{0}: काँटे पर रखें, फिर तौलें।"},
    {"weigh_or_scan", "Scan the product, or put it on the scale.", "माल स्कैन करें या काँटे पर रखें।"},
    {"weighed", "{0} {1}", "{0} {1}"},
    {"weight_not_bookable", "This weight cannot be booked. Wait until the scale rests above zero.",
     "यह वज़न दर्ज नहीं हो सकता। काँटा रुकने दें।"},
    {"which_batch", "Which batch of {0} is it?", "{0} का कौन सा बैच है?"},
    {"why_disposed", "Why is it destroyed?", "क्यों नष्ट कर रहे हैं?"},
    {"why_other_batch", "Why another batch than the first to expire?",
     "पहले एक्सपायर होने वाला बैच क्यों नहीं?"},
    {"why_restated", "Why does its state change?", "हालत क्यों बदली?"},
    {"why_returned", "Why did it come back?", "वापस क्यों आया?"},
    {"why_sent_back", "Why does it go back?", "वापस क्यों भेज रहे हैं?"},
    {"why_short", "Why is it short?", "कम क्यों है?"},
    {"witness_other", "The witness must be another worker of this site.",
     "गवाह यहाँ का कोई दूसरा कर्मचारी हो।"},
    {"wrong_pin", "Wrong PIN.", "पिन गलत है।"},
    {"wrong_product", "This is {0}. In hand is {1}.", "यह {0} है। हाथ में {1} है।"},
};

const struct message *message_list(size_t *ret_count)
{
    assert(ret_count);
    *ret_count = ARRAY_LEN(messages);
    return messages;
}

const struct message *message_find(const char *code)
{
    assert(code);
    size_t from = 0;
    size_t to = ARRAY_LEN(messages);
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = strcmp(code, messages[middle].code);
        if (order == 0)
            return &messages[middle];
        if (order < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return NULL;
}

struct station_message message_make(const char *code, va_list args)
{
    assert(message_find(code));
    struct station_message m = {0};
    text_cut(m.code, sizeof(m.code), code);
    const char *arg = va_arg(args, const char *);
    for (size_t i = 0; i < STATION_ARGS_MAX && arg; i++) {
        text_cut(m.args[i], sizeof(m.args[i]), arg);
        arg = va_arg(args, const char *);
    }
    return m;
}

/* The part that a placeholder at p stands for, or NULL when there is none. */
static const char *part_at(const struct station_message *m, const char *p)
{
    bool is_part = p[0] == '{' && p[1] >= '0' && p[1] < '0' + STATION_ARGS_MAX && p[2] == '}';
    return is_part ? m->args[p[1] - '0'] : NULL;
}

const char *message_text(const struct station_message *m, const char *language, char *buf,
                         size_t size)
{
    assert(m && language && buf && size > 0);
    buf[0] = '\0';
    const struct message *row = message_find(m->code);
    if (!row)
        return buf;
    char whole[1024]; /* the longest sentence and four parts */
    size_t used = 0;
    const char *p = strcmp(language, "hi") == 0 ? row->hindi : row->english;
    while (*p && used + STATION_ARG_SIZE < sizeof(whole)) {
        const char *part = part_at(m, p);
        if (part) {
            used += (size_t)snprintf(whole + used, sizeof(whole) - used, "%s", part);
            p += 3;
        } else {
            whole[used++] = *p++;
        }
    }
    whole[used] = '\0';
    text_cut(buf, size, whole);
    return buf;
}
