/* SPDX-License-Identifier: Apache-2.0 */
#include "floor_story.h"

/* One scan of a case label: GTIN, best before 2026-12-11, batch N1. */
static const char one_scan[] =
    "flow:receive                                     | noted flow_receive\n"
    "<]C101189012340000111526121110N1                 | noted in_hand\n"
    "?prompt                                          | key_mrp\n"
    "mrp:10.00                                        | noted in_hand\n"
    "?item                                            | BISC 1 case N1\n"
    "ok                                               | accept received | received 24 N1 @DOCK\n"
    "= BISC N1 DOCK sellable                          | 24\n"
    "?prompt                                          | scan_to_receive\n";

static const char keyed_in[] =
    "flow:receive                                     | noted flow_receive\n"
    "<]E08901234000014                                | noted in_hand\n"
    "?prompt                                          | key_batch\n"
    "batch:N2                                         | noted in_hand\n"
    "?prompt                                          | key_expiry\n"
    "expiry:12/26                                     | noted in_hand\n"
    "mrp:12                                           | noted in_hand\n"
    "qty:30                                           | noted in_hand\n"
    "?item                                            | BISC 1 case + 6 pieces N2\n"
    "ok                                               | accept received | received 30 N2 @DOCK\n";

static const char batch_first[] =
    "flow:receive\n"
    "<]C110N3~17261211                                | noted noted_batch\n"
    "<]E08901234000014                                | noted in_hand\n"
    "mrp:10                                           | noted in_hand\n"
    "ok                                               | accept received | received 1 N3 @DOCK\n";

static const char cases_and_loose[] =
    "flow:receive\n"
    "<]I118901234000011                               | noted in_hand\n"
    "<]I118901234000011                               | noted in_hand\n"
    "<]E08901234000014                                | noted in_hand\n"
    "?item                                            | BISC 2 cases + 1 piece\n"
    "packs:3                                          | noted in_hand\n"
    "?item                                            | BISC 2 cases + 3 pieces\n"
    "batch:N4\n"
    "expiry:261211\n"
    "mrp:10\n"
    "ok                                               | accept received | received 51 N4 @DOCK\n";

static const char other_product[] =
    "flow:receive\n"
    "<]E08901234000014                                | noted in_hand\n"
    "<]E08901234000021                                | reject wrong_product | refused "
    "!wrong_product\n"
    "?item                                            | BISC 1 piece\n"
    "cancel                                           | noted cancelled\n"
    "<]E08901234000021                                | noted in_hand\n";

static const char conflict_kept[] =
    "flow:receive\n"
    "<]C101189012340000111526121110N5\n"
    "<]C101189012340000111526113010N5                 | attention conflict\n"
    "?prompt                                          | ask_conflict\n"
    "ok                                               | noted in_hand\n"
    "?item                                            | BISC 2 cases N5\n"
    "mrp:10\n"
    "ok                                               | accept received | received 48 N5 @DOCK\n";

static const char conflict_refused[] =
    "flow:receive\n"
    "<]C101189012340000111526121110N5\n"
    "<]C101189012340000111526113010N6                 | attention conflict\n"
    "<]E08901234000014                                | reject answer_first\n"
    "mrp:10                                           | reject answer_first\n"
    "bin:A1                                           | reject answer_first\n"
    "cancel                                           | noted in_hand\n"
    "?item                                            | BISC 1 case N5\n";

static const char blank_keeps[] =
    "flow:receive\n"
    "<]C101189012340000111526121110N5\n"
    "<]I118901234000011                               | noted in_hand\n"
    "?item                                            | BISC 2 cases N5\n";

static const char expired[] = "flow:receive\n"
                              "<]C101189012340000111526061410N7\n"
                              "mrp:10\n"
                              "ok                                               | reject "
                              "expired_at_receipt | refused N7 !expired\n"
                              "= BISC N7 DOCK sellable                          | 0\n";

static const char last_day_is_good[] =
    "flow:receive\n"
    "<]E08901234000021\n"
    "batch:T9\n"
    "expiry:2026-06-15\n"
    "ok                                               | attention short_life_at_receipt\n"
    "status:hold                                      | accept received_on_hold | received 1 T9 "
    "@DOCK [hold] !short_life\n";

static const char short_life[] =
    "flow:receive\n"
    "<]C101189012340000111526080110N8\n"
    "mrp:10\n"
    "ok                                               | attention short_life_at_receipt\n"
    "cancel                                           | accept sent_away | refused N8 "
    "!short_life\n";

static const char made_date[] =
    "flow:receive\n"
    "<]E08901234000014\n"
    "batch:N9\n"
    "made:2026-06-01                                  | noted in_hand\n"
    "?prompt                                          | key_mrp\n"
    "mrp:10\n"
    "ok                                               | accept received | received 1 N9 @DOCK\n";

static const char impossible_dates[] =
    "flow:receive\n"
    "<]E08901234000014\n"
    "batch:N9\n"
    "made:2026-07-01                                  | reject date_impossible\n"
    "expiry:2050-01-01                                | reject date_impossible\n"
    "expiry:13/26                                     | reject command_argument\n"
    "expiry:2027-06-15                                | noted in_hand\n"
    "mrp:10\n"
    "ok                                               | attention far_date\n"
    "cancel                                           | noted cancelled\n"
    "?item                                            | BISC 1 piece N9\n"
    "ok                                               | attention far_date\n"
    "ok                                               | accept received | received 1 N9 @DOCK\n";

static const char separator_lost[] =
    "flow:receive\n"
    "<]C1011890123400001110AB1217261211               | attention separator_lost\n"
    "?prompt                                          | ask_separator\n"
    "ok                                               | noted in_hand\n"
    "?item                                            | BISC 1 case AB12\n"
    "mrp:10\n"
    "ok                                               | accept received | received 24 AB12 @DOCK\n";

/* A scanner that cannot send GS sends what its profile says. */
static const char other_separator[] =
    "flow:receive\n"
    "<]C1011890123400001110AB12#17261211              | reject code_malformed\n"
    "separator #\n"
    "<]C1011890123400001110AB12#17261211              | noted in_hand\n"
    "mrp:10\n"
    "ok                                               | accept received | received 24 AB12 @DOCK\n";

static const char offered_batches[] =
    "flow:receive\n"
    "<]E08901234000038                                | noted in_hand\n"
    "ok                                               | accept received | received 1 @DOCK\n"
    "<]E08901234000021                                | noted in_hand\n"
    "?choices                                         | pick_batch:1 pick_batch:2 cancel\n"
    "pick_batch:9                                     | reject no_such_choice\n"
    "pick_batch:1                                     | noted in_hand\n"
    "ok                                               | accept received | received 1 T2 @DOCK\n";

static const char purchase_order[] =
    "<VD*PO1                                          | noted document_open\n"
    "?progress                                        | 0/2\n"
    "<]C101189012340000111526121110N1\n"
    "mrp:10\n"
    "ok                                               | accept received | received 24 N1 @DOCK "
    "#PO1/1\n"
    "?progress                                        | 0/2\n"
    "<]C101189012340000111526121110N1\n"
    "mrp:10\n"
    "qty:30\n"
    "ok                                               | attention more_than_ordered\n"
    "ok                                               | accept received | received 30 N1 @DOCK "
    "#PO1/1\n"
    "?progress                                        | 1/2\n"
    "<]E08901234000038\n"
    "ok                                               | attention not_ordered\n"
    "cancel                                           | noted cancelled\n"
    "cancel                                           | noted cancelled\n"
    "undo                                             | accept undone | adjusted -30 N1 @DOCK "
    "!keying_error #PO1/1\n"
    "?progress                                        | 0/2\n"
    "undo                                             | reject nothing_to_undo\n";

static const char unknown_code[] =
    "flow:receive\n"
    "<]E08901234000090                                | attention capture_wanted\n"
    "qty:7                                            | accept captured | captured 7 @QUAR\n"
    "<]E08901234000090                                | attention capture_wanted\n"
    "cancel                                           | noted cancelled\n";

static const char scale_label[] =
    "flow:receive\n"
    "<]E02100123005000                                | noted in_hand\n"
    "<]E02100123012503                                | noted in_hand\n"
    "?item                                            | DAL 1.750 kg\n"
    "kg 250                                           | noted in_hand | weighed 250g\n"
    "?item                                            | DAL 2.000 kg\n"
    "kg 0                                             | reject weight_not_bookable\n"
    "kg -5                                            | reject weight_not_bookable\n"
    "ok                                               | accept received | received 2000 @DOCK\n";

static const char stutter[] = "flow:receive\n"
                              "<]E08901234000014                                | noted in_hand\n"
                              "+-900\n"
                              "<]E08901234000014                                | none repeat\n"
                              "?item                                            | BISC 1 piece\n"
                              "<]E08901234000014                                | noted in_hand\n"
                              "?item                                            | BISC 2 pieces\n"
                              "P2 flow:receive\n"
                              "P2 <]E08901234000014                             | noted in_hand\n";

static const char labels[] =
    "flow:receive\n"
    "<]E08901234000014\n"
    "batch:N2\n"
    "expiry:12/26\n"
    "mrp:12\n"
    "ok                                               | accept received | received 1 N2 @DOCK\n"
    "?choices                                         | print:labels:1 undo\n"
    "print:labels:20                                  | accept printing | printed 20 N2\n"
    "print:labels:1                                   | accept printing | printed 1 N2 !reprint\n"
    "<]C101189012340000111526121110N1\n"
    "mrp:10\n"
    "ok                                               | accept received | received 24 N1 @DOCK\n"
    "print:labels:20                                  | reject nothing_to_print\n";

static const char interleaved[] =
    "flow:receive\n"
    "P2 flow:receive\n"
    "<]E08901234000014\n"
    "P2 <]E08901234000038\n"
    "P2 qty:5\n"
    "P2 ok                                            | accept received | received 5 @DOCK\n"
    "?item                                            | BISC 1 piece\n"
    "cancel\n"
    "P2 undo                                          | accept undone | adjusted -5 @DOCK "
    "!keying_error\n"
    "undo                                             | reject nothing_to_undo\n";

static const char doubtful[] =
    "clock doubtful\n"
    "flow:receive\n"
    "<]C101189012340000111526101510N1\n"
    "mrp:10\n"
    "?doubtful                                        | yes\n"
    "ok                                               | attention receipt_clock_doubtful\n"
    "status:hold                                      | accept received_on_hold | received 24 N1 "
    "@DOCK [hold] !short_life\n";

static const char power_cut[] =
    "flow:receive\n"
    "<]E08901234000038\n"
    "hold\n"
    "ok\n"
    "cut\n"
    "= SOAP - DOCK sellable                           | 0\n"
    "flow:receive                                     | reject sign_in_first\n"
    "worker:MEENA                                     | accept signed_in | signed_in\n"
    "flow:receive\n"
    "<]E08901234000038\n"
    "ok                                               | accept received | received 1 @DOCK\n"
    "cut\n"
    "= SOAP - DOCK sellable                           | 1\n";

static const struct floor_story stories[] = {
    {"one scan fills product, batch, expiry and quantity", one_scan},
    {"batch, expiry and MRP are keyed in where the bars do not say them", keyed_in},
    {"the batch may come before the product", batch_first},
    {"cases and loose pieces add up exactly", cases_and_loose},
    {"another product is refused while one is in hand", other_product},
    {"a conflicting expiry is asked about and may be taken", conflict_kept},
    {"a conflicting batch may be left", conflict_refused},
    {"a later scan without expiry leaves the known one", blank_keeps},
    {"expired goods are refused and the refusal is booked", expired},
    {"goods are good to the end of their last day", last_day_is_good},
    {"goods with too little life may be sent away", short_life},
    {"manufacture and shelf life make an expiry", made_date},
    {"dates that cannot be are refused, unlikely ones asked about", impossible_dates},
    {"a scanner may send another separator than GS", other_separator},
    {"a lost separator is asked about", separator_lost},
    {"the last batches of a product are offered", offered_batches},
    {"a purchase order counts what came, asks about more, and undo opens it again", purchase_order},
    {"an unknown code is captured with its pieces", unknown_code},
    {"labels of the scale and weights add up in grams", scale_label},
    {"a scanner's stutter counts once, a second scan twice", stutter},
    {"labels are printed only for batches without a code", labels},
    {"two posts do not mix their goods", interleaved},
    {"a doubtful clock is on the safe side and says so", doubtful},
    {"what was not committed is gone after a power cut", power_cut},
};

int main(void)
{
    return floor_story_run("station_receive", stories, ARRAY_LEN(stories));
}
