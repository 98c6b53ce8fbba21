/* SPDX-License-Identifier: Apache-2.0 */
#include "floor_story.h"

static const char whole_order[] =
    "flow:pick                 | noted flow_pick\n"
    "?prompt                   | scan_document\n"
    "<VD*SO1                   | noted document_open\n"
    "?target                   | BISC 1 case B2 @A1\n"
    "<VB*A1                    | noted bin_right\n"
    "<]C1011890123400001110B2  | accept picked | picked 24 B2 @A1 #SO1/1\n"
    "?progress                 | 1/2\n"
    "?target                   | TEA 1 case T1 @B1\n"
    "<]I118901234000028        | attention which_batch\n"
    "pick_batch:1              | accept picked | picked 12 T1 @B1 #SO1/2\n"
    "?progress                 | 2/2\n"
    "?prompt                   | document_done\n"
    "= BISC B2 A1 sellable     | 6\n";

static const char piece_by_piece[] =
    "document:SO2              | noted document_open\n"
    "?target                   | BISC 10 pieces B3 @A2\n"
    "<]E08901234000014         | noted in_hand_of\n"
    "<]E08901234000014         | noted in_hand_of\n"
    "?item                     | BISC 2 pieces @A2\n"
    "qty:11                    | reject more_than_wanted\n"
    "qty:10                    | accept picked | picked 10 B3 @A2 #SO2/1\n"
    "?prompt                   | document_done\n"
    "undo                      | accept undone | adjusted 10 B3 @A2 !keying_error #SO2/1\n"
    "document:SO2              | noted document_open\n"
    "?target                   | BISC 10 pieces B3 @A2\n";

static const char refused_batches[] =
    "document:SO1\n"
    "<]E08901234000021         | reject wrong_product | refused !wrong_product #SO1\n"
    "<]C1010890123400001410B0  | reject expired | refused B0 !expired #SO1\n"
    "<]C1010890123400001410B1  | reject short_life | refused B1 !short_life #SO1\n"
    "<]C1010890123400001410ZZ  | reject not_in_stock\n"
    "?target                   | BISC 1 case B2 @A1\n"
    "skip                      | noted line_skipped\n"
    "?target                   | TEA 1 case T1 @B1\n"
    "<]C1010890123400002110T2  | reject on_hold | refused T2 !on_hold #SO1\n"
    "skip                      | noted line_skipped\n"
    "?target                   | BISC 1 case B2 @A1\n";

static const char other_batch[] =
    "document:SO1\n"
    "<]C1011890123400001110B3  | attention not_proposed\n"
    "<]C1011890123400001110B3  | reject answer_first\n"
    "?prompt                   | why_other_batch\n"
    "reason:nonsense           | reject answer_first\n"
    "reason:blocked            | accept picked | picked 24 B3 @A2 !blocked #SO1/1 instead of B2\n"
    "?target                   | TEA 1 case T1 @B1\n";

static const char other_batch_left[] =
    "document:SO1\n"
    "<]C1011890123400001110B3  | attention not_proposed\n"
    "cancel                    | noted cancelled\n"
    "?target                   | BISC 1 case B2 @A1\n"
    "<]C1011890123400001110B2  | accept picked | picked 24 B2 @A1 #SO1/1\n";

static const char short_line[] =
    "document:SO1\n"
    "<]C1010890123400001410B2  | noted in_hand_of\n"
    "qty:20                    | noted in_hand_of\n"
    "short                     | attention why_short\n"
    "reason:not_found          | accept closed_short | picked 20 B2 @A1 #SO1/1; "
    "task_done 4 !not_found #SO1/1\n"
    "?progress                 | 1/2\n"
    "?target                   | TEA 1 case T1 @B1\n"
    "short                     | attention why_short\n"
    "cancel                    | noted cancelled\n"
    "?target                   | TEA 1 case T1 @B1\n";

static const char partial[] = "document:SO1\n"
                              "<]C1010890123400001410B2  | noted in_hand_of\n"
                              "qty:5                     | noted in_hand_of\n"
                              "ok                        | accept picked | picked 5 B2 @A1 #SO1/1\n"
                              "?target                   | BISC 19 pieces B2 @A1\n";

static const char doubtful_clock[] =
    "day +40\n"
    "document:SO1\n"
    "?target                   | BISC 1 case B2 @A1\n"
    "clock doubtful\n"
    "document:SO1              | noted document_open\n"
    "?target                   | BISC 1 case B3 @A2\n"
    "?doubtful                 | yes\n"
    "<]C1011890123400001110B2  | reject clock_doubtful | refused B2 !clock_doubtful #SO1\n";

static const char transfer[] =
    "<VD*TO1                   | noted document_open\n"
    "?target                   | BISC 12 pieces B1 @A1\n"
    "<]C1010890123400001410B0  | reject expired | refused B0 !expired #TO1\n"
    "<]C1010890123400001410B1  | noted in_hand_of\n"
    "qty:12                    | accept dispatched | dispatched 12 B1 @A1 #TO1/1\n"
    "?target                   | BISC 1 case + 4 pieces B2 @A1\n"
    "short                     | attention why_short\n"
    "reason:damaged            | accept closed_short | task_done 28 !damaged #TO1/1\n"
    "?prompt                   | document_done\n";

static const char nothing_without_document[] =
    "flow:pick\n"
    "<]E08901234000014         | reject document_first\n"
    "ok                        | reject document_first\n"
    "document:XX               | reject unknown_document\n"
    "document:PO1              | reject unknown_document\n"
    "<]E08901234000015         | reject code_malformed\n";

static const char not_known[] = "document:SO1\n"
                                "<]E08901234000090         | reject unknown_code\n"
                                "bin:ZZ                    | reject unknown_bin\n"
                                "bin:A2                    | attention bin_other\n"
                                "<]E08901234000014         | attention not_proposed\n";

static const char two_pickers[] = "document:SO1\n"
                                  "P2 document:SO2           | noted document_open\n"
                                  "P2 ?target                | BISC 10 pieces B3 @A2\n"
                                  "hold\n"
                                  "<]C1011890123400001110B2\n"
                                  "P2 <]C1010890123400001410B3\n"
                                  "P2 qty:10\n"
                                  "commit\n"
                                  "= BISC B2 A1 sellable     | 6\n"
                                  "= BISC B3 A2 sellable     | 38\n"
                                  "P2 ?prompt                | document_done\n"
                                  "?target                   | TEA 1 case T1 @B1\n";

static const char taken_by_another[] =
    "document:SO2\n"
    "<]C1010890123400001410B3  | noted in_hand_of\n"
    "P2 flow:put_away\n"
    "P2 bin:A2\n"
    "P2 <]C1010890123400001410B3 | noted in_hand\n"
    "P2 qty:44                 | noted in_hand\n"
    "P2 bin:D1                 | accept moved | moved 44 B3 @A2>D1\n"
    "qty:10                    | reject more_than_lot\n"
    "= BISC B3 A2 sellable     | 4\n";

static const struct floor_story stories[] = {
    {"an order is picked on the walking round, earliest expiry first", whole_order},
    {"pieces gather until the line is full, and an undone pick is open again", piece_by_piece},
    {"expired, short-lived, held and wrong goods are refused and booked as such", refused_batches},
    {"another batch than proposed needs a reason", other_batch},
    {"another batch than proposed may be put back", other_batch_left},
    {"a line is closed short with a reason", short_line},
    {"a part of a line may be booked", partial},
    {"with a doubtful clock a batch near its end stays", doubtful_clock},
    {"a transfer leaves with its document, the expired stays", transfer},
    {"without a document nothing is picked", nothing_without_document},
    {"codes and bins that nobody knows are refused", not_known},
    {"goods that another post took meanwhile are not booked twice", taken_by_another},
    {"two pickers share one commit and do not meet", two_pickers},
};

int main(void)
{
    return floor_story_run("station_pick", stories, ARRAY_LEN(stories));
}
