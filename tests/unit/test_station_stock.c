/* SPDX-License-Identifier: Apache-2.0 */
/* Putting away, moving, counting, weighing, looking, correcting, disposing: stock that is here. */
#include "floor_story.h"

#include <string.h>

static const char put_away[] =
    "flow:receive\n"
    "<]C10118901234000011152612111"
    "0N1\n"
    "mrp:10\n"
    "ok                        | accept received | received 24 N1 @DOCK\n"
    "flow:put_away             | noted flow_put_away\n"
    "?prompt                   | scan_to_put_away\n"
    "<]E08901234000014         | noted in_hand\n"
    "?prompt                   | take_to_bin\n"
    "?text                     | Put 1 piece Biscuit 100 g into bin A1. Scan the bin.\n"
    "qty:25                    | reject more_than_lot\n"
    "qty:24                    | noted in_hand\n"
    "<VB*QUAR                  | reject bin_unfit\n"
    "<VB*DOCK                  | reject bin_unfit\n"
    "<VB*NONE                  | reject unknown_bin\n"
    "<VB*A2                    | accept moved | moved 24 N1 @DOCK>A2\n"
    "= BISC N1 A2 sellable     | 24\n"
    "undo                      | accept undone | moved 24 N1 @A2>DOCK\n"
    "= BISC N1 DOCK sellable   | 24\n";

static const char full_bins[] =
    "flow:receive\n"
    "<]E08901234000014\n"
    "batch:N1\n"
    "expiry:2026-12-11\n"
    "mrp:10\n"
    "qty:96\n"
    "ok\n"
    "flow:put_away\n"
    "<]E08901234000014         | noted in_hand\n"
    "qty:52                    | noted in_hand\n"
    "?text                     | Put 2 cases + 4 pieces Biscuit 100 g into bin A1. Scan the bin.\n"
    "qty:53                    | noted in_hand\n"
    "?text                     | Put 2 cases + 5 pieces Biscuit 100 g into bin D1. Scan the "
    "bin.\n";

static const char between_bins[] = "flow:put_away\n"
                                   "<VB*A1                    | noted bin_chosen\n"
                                   "<]E08901234000014         | attention which_batch\n"
                                   "pick_batch:3              | noted in_hand\n"
                                   "?item                     | BISC 1 piece B2 @A1\n"
                                   "<VB*D1                    | accept moved | moved 1 B2 @A1>D1\n"
                                   "<]E08901234000021         | reject not_in_bin\n"
                                   "<]E08901234000014         | attention which_batch\n"
                                   "cancel                    | noted cancelled\n";

static const char blind_count[] =
    "flow:count                | noted flow_count\n"
    "<]E08901234000038         | reject scan_bin_to_count\n"
    "<VB*C1                    | noted bin_chosen\n"
    "?text                     | Bin C1: scan every piece, then OK.\n"
    "<]E08901234000038         | noted counted_line\n"
    "qty:48                    | noted counted_line\n"
    "kg 1000                   | reject not_by_weight\n"
    "sku:DAL                   | reject wrong_product | \n"
    "<]E02100123005000         | noted counted_line\n"
    "qty:24500                 | noted counted_line\n"
    "ok                        | accept counted | counted 24500/25000 D1 @C1; counted 48/50 @C1\n"
    "= SOAP - C1 sellable      | 48\n"
    "undo                      | accept undone | adjusted 500 D1 @C1 !keying_error; "
    "adjusted 2 @C1 !keying_error\n"
    "= SOAP - C1 sellable      | 50\n";

static const char recount[] =
    "flow:count\n"
    "bin:C1\n"
    "<]E08901234000038         | noted counted_line\n"
    "ok                        | attention count_again\n"
    "?text                     | Bin C1: scan every piece, then OK.\n"
    "<]E08901234000038         | noted counted_line\n"
    "qty:40                    | noted counted_line\n"
    "ok                        | attention ask_missing\n"
    "qty:2                     | reject answer_first\n"
    "cancel                    | noted bin_chosen\n"
    "ok                        | attention ask_missing\n"
    "ok                        | accept counted | counted 0/25000 D1 @C1; counted 40/50 @C1\n"
    "= DAL D1 C1 sellable      | 0\n";

static const char empty_bin[] =
    "flow:count\n"
    "bin:D1\n"
    "ok                        | attention ask_zero\n"
    "ok                        | accept counted | task_done !counted_empty #D1\n"
    "bin:C1\n"
    "ok                        | attention ask_zero\n"
    "ok                        | attention count_again\n"
    "ok                        | attention ask_zero\n"
    "ok                        | accept counted | counted 0/25000 D1 @C1; counted 0/50 @C1\n";

static const char counted_states[] =
    "flow:count\n"
    "bin:B1\n"
    "<]C1010890123400002110T1  | noted counted_line\n"
    "qty:24                    | noted counted_line\n"
    "<]C1010890123400002110T2  | noted counted_line\n"
    "qty:11                    | noted counted_line\n"
    "ok                        | accept counted | counted 24/24 T1 @B1; counted 11/10 T2 @B1 "
    "[hold]\n";

static const char found_goods[] =
    "flow:count\n"
    "bin:D1\n"
    "<]C1010890123400002110NEW~17270101 | noted counted_line\n"
    "ok                        | attention count_again\n"
    "<]C1010890123400002110NEW~17270101 | noted counted_line\n"
    "ok                        | accept counted | counted 1/0 NEW @D1\n";

static const char moved_meanwhile[] =
    "flow:count\n"
    "bin:C1\n"
    "<]E08901234000038         | noted counted_line\n"
    "qty:50                    | noted counted_line\n"
    "P2 flow:put_away\n"
    "P2 bin:C1\n"
    "P2 <]E08901234000038\n"
    "P2 bin:D1                 | accept moved | moved 1 @C1>D1\n"
    "ok                        | attention count_moved\n"
    "<]E08901234000038\n"
    "qty:49\n"
    "<]E02100123005000\n"
    "qty:25000                 | noted counted_line\n"
    "ok                        | accept counted | counted 25000/25000 D1 @C1; counted 49/49 @C1\n";

static const char weighing[] = "flow:weigh                | noted flow_weigh\n"
                               "kg 1250                   | accept weighed | weighed 1250g\n"
                               "<]E08901234000038         | noted in_hand\n"
                               "?prompt                   | weigh_now\n"
                               "kg 1250                   | accept weighed | weighed 1250g\n"
                               "flow:receive              | noted flow_receive\n"
                               "flow:look\n"
                               "kg 1250                   | reject no_weight_here\n";

static const char looking[] =
    "flow:look                 | noted flow_look\n"
    "<]E08901234000014         | noted look_goods\n"
    "?answer                   | Biscuit 100 g: 4 cases in stock.\n"
    "?target                   | BISC 6 pieces B0 @A1\n"
    "skip                      | noted look_lot\n"
    "?answer                   | 12 pieces, B1, 2026-06-20, MRP 10.00, in bin A1, sellable\n"
    "bin:A1                    | noted look_bin\n"
    "bin:D1                    | noted look_bin_empty\n"
    "<]E08901234000090         | reject unknown_code\n"
    "<]C1010890123400002110T2  | noted look_goods\n"
    "?target                   | TEA 10 pieces T2 @B1\n"
    "print:labels:2            | accept printing | printed 2 T2\n"
    "status:hold               | reject nothing_changed\n"
    "status:sellable           | attention why_restated\n"
    "reason:nonsense           | reject answer_first\n"
    "reason:inspected_good     | accept restated | restated 10 T2 @B1 [hold>sellable] "
    "!inspected_good\n"
    "= TEA T2 B1 sellable      | 10\n"
    "undo                      | accept undone | restated 10 T2 @B1 [sellable>hold] "
    "!inspected_good\n"
    "<]C1010890123400001410B0  | noted look_goods\n"
    "status:quarantine         | attention why_restated\n"
    "reason:expired            | accept restated | restated 6 B0 @A1 [sellable>quarantine] "
    "!expired\n"
    "<]C1010890123400001410B0\n"
    "status:sellable           | attention why_restated\n"
    "reason:inspected_good     | reject not_permitted\n";

static const char rights[] =
    "P2 flow:dispose           | reject not_allowed | refused !not_allowed\n"
    "P2 flow:correct           | reject not_allowed | refused !not_allowed\n"
    "P2 flow:look\n"
    "P2 <]E08901234000021\n"
    "P2 status:hold            | reject not_allowed | refused !not_allowed\n";

static const char correcting[] =
    "flow:correct              | noted flow_correct\n"
    "<]C1010890123400001410B3  | noted in_hand\n"
    "ok                        | reject nothing_changed\n"
    "batch:B33                 | noted in_hand\n"
    "expiry:2026-12-31         | noted in_hand\n"
    "qty:48                    | noted in_hand\n"
    "ok                        | accept corrected | corrected_out 48 B3 @A2 !wrong_batch; "
    "corrected_in 48 B33 @A2 !wrong_batch\n"
    "= BISC B33 A2 sellable    | 48\n"
    "undo                      | accept undone | corrected_in 48 B3 @A2 !wrong_batch; "
    "corrected_out 48 B33 @A2 !wrong_batch\n"
    "= BISC B3 A2 sellable     | 48\n"
    "<]C1010890123400001410B3  | noted in_hand\n"
    "mrp:11                    | noted in_hand\n"
    "qty:8                     | noted in_hand\n"
    "ok                        | accept corrected | corrected_out 8 B3 @A2 !wrong_mrp; "
    "corrected_in 8 B3 @A2 !wrong_mrp\n"
    "= BISC B3 A2 sellable     | 48\n";

static const char disposing[] =
    "flow:dispose              | noted flow_dispose\n"
    "<VB*A1                    | noted bin_chosen\n"
    "<]C1010890123400001410B0  | noted in_hand\n"
    "qty:7                     | reject more_than_lot\n"
    "qty:6                     | noted in_hand\n"
    "ok                        | attention why_disposed\n"
    "reason:found              | reject answer_first\n"
    "reason:expired            | attention key_note\n"
    "note:photo 17, जलाया गया   | attention scan_witness\n"
    "<VW*MEENA                 | reject witness_other\n"
    "<VW*NOBODY                | reject witness_other\n"
    "<VW*ANIL                  | accept disposed | disposed 6 B0 @A1 !expired before ANIL\n"
    "= BISC B0 A1 sellable     | 0\n"
    "undo                      | accept undone | adjusted 6 B0 @A1 !keying_error\n";

static const char sending_back[] =
    "P2 flow:send_back         | noted flow_send_back\n"
    "P2 <]C1010890123400001410B0 | noted in_hand\n"
    "P2 ok                     | attention why_sent_back\n"
    "P2 reason:expired         | accept sent_back | sent_back 1 B0 @A1 !expired\n";

static const char undo_too_late[] =
    "flow:receive\n"
    "<]E08901234000038\n"
    "ok                        | accept received | received 1 @DOCK\n"
    "P2 flow:put_away\n"
    "P2 <]E08901234000038\n"
    "P2 bin:C1                 | accept moved | moved 1 @DOCK>C1\n"
    "undo                      | reject goods_moved_on\n";

static const char hindi[] = "language:hi               | noted language_set\n"
                            "flow:put_away\n"
                            "bin:C1\n"
                            "<]E08901234000038         | noted in_hand\n"
                            "?text                     | 1 नग साबुन बिन D1 में रखें। बिन स्कैन करें।\n";

static const struct floor_story stories[] = {
    {"received goods are put away where their like lie", put_away},
    {"a bin without room is not suggested", full_bins},
    {"goods move from bin to bin", between_bins},
    {"a bin is counted blind and the difference booked", blind_count},
    {"a count that differs much is asked for once more, without a number", recount},
    {"an empty bin is confirmed", empty_bin},
    {"a count keeps the state of what it counts", counted_states},
    {"goods that the books do not know are counted as found", found_goods},
    {"what moves during a count begins it again", moved_meanwhile},
    {"a weight is booked as it was seen", weighing},
    {"looking shows lots, and a supervisor changes their state", looking},
    {"what needs a supervisor is refused to others and booked as such", rights},
    {"a wrong batch is corrected by a pair of entries", correcting},
    {"disposal wants reason, evidence and another worker as witness", disposing},
    {"expired goods go back to the supplier", sending_back},
    {"undo refuses when the goods have moved on", undo_too_late},
    {"the screen speaks Hindi", hindi},
};

int main(void)
{
    return floor_story_run("station_stock", stories, ARRAY_LEN(stories));
}
