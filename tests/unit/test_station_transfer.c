/* SPDX-License-Identifier: Apache-2.0 */
/* Taking in transfers, returns from outlets, and binding unknown codes: goods that come in. */
#include "floor_story.h"

#include <string.h>

static const char whole[] =
    "<VD*TI1                   | noted document_open\n"
    "?target                   | BISC 1 case X1\n"
    "<]C1011890123400001110X1  | noted in_hand\n"
    "ok                        | accept arrived | arrived 24 X1 @DOCK #TI1/1\n"
    "?progress                 | 1/2\n"
    "?target                   | TEA 1 case X2\n"
    "<]I118901234000028        | noted in_hand\n"
    "ok                        | accept arrived | arrived 12 X2 @DOCK #TI1/2\n"
    "?prompt                   | document_done\n"
    "= TEA X2 DOCK sellable    | 12\n";

static const char short_and_damaged[] =
    "document:TI1\n"
    "<]C1010890123400001410X1  | noted in_hand\n"
    "qty:20                    | noted in_hand\n"
    "ok                        | accept arrived | arrived 20 X1 @DOCK #TI1/1\n"
    "damaged:5                 | reject more_than_sent\n"
    "damaged:3                 | accept arrived_damaged | arrived 3 X1 @QUAR [quarantine] !damaged "
    "#TI1/1\n"
    "short                     | accept lost | lost 1 X1 !short #TI1/1\n"
    "?progress                 | 1/2\n"
    "undo                      | reject cannot_undo\n"
    "= BISC X1 DOCK sellable   | 20\n"
    "= BISC X1 QUAR quarantine | 3\n";

static const char not_sent[] =
    "document:TI1\n"
    "<]E08901234000038         | reject not_in_transfer | refused !not_in_transfer #TI1\n"
    "<]C1010890123400001410YY  | reject not_in_transfer | refused YY !not_in_transfer #TI1\n"
    "<]C1011890123400001110X1\n"
    "qty:26\n"
    "ok                        | attention more_than_sent\n"
    "cancel                    | noted cancelled\n"
    "ok                        | attention more_than_sent\n"
    "ok                        | accept arrived | arrived 24 X1 @DOCK #TI1/1; "
    "arrived 2 X1 @QUAR [quarantine] !more_than_sent #TI1/1\n";

static const char short_with_goods[] =
    "document:TI1\n"
    "skip                      | noted line_skipped\n"
    "?target                   | TEA 1 case X2\n"
    "<]E08901234000021\n"
    "qty:9\n"
    "short                     | accept lost | arrived 9 X2 @DOCK #TI1/2; lost 3 X2 !short "
    "#TI1/2\n"
    "?target                   | BISC 1 case X1\n";

/* On the road too long: what arrives is set apart, also when a part of it is missing. */
static const char expired_on_the_way[] =
    "day +250\n"
    "document:TI1              | noted document_open\n"
    "<]C1010890123400001410X1  | noted in_hand\n"
    "qty:20                    | noted in_hand\n"
    "short                     | accept lost | arrived 20 X1 @QUAR [expired] !expired #TI1/1; "
    "lost 4 X1 !short #TI1/1\n"
    "<]E08901234000021         | noted in_hand\n"
    "qty:12                    | noted in_hand\n"
    "ok                        | accept arrived | arrived 12 X2 @QUAR [expired] !expired #TI1/2\n"
    "= BISC X1 DOCK sellable   | 0\n";

static const char returned[] =
    "flow:return               | noted flow_return\n"
    "document:SO1              | noted document_open\n"
    "<]C1010890123400001410B0  | noted in_hand\n"
    "?prompt                   | key_expiry\n"
    "?choices                  | pick_batch:1 pick_batch:2 pick_batch:3 pick_batch:4 cancel\n"
    "expiry:2026-05-31\n"
    "mrp:10\n"
    "qty:4\n"
    "ok                        | attention why_returned\n"
    "reason:expired            | accept returned | returned 4 B0 @QUAR [quarantine] !expired #SO1\n"
    "= BISC B0 QUAR quarantine | 4\n"
    "undo                      | accept undone | adjusted -4 B0 @QUAR [quarantine] !keying_error "
    "#SO1\n";

static const char bound_once[] =
    "flow:bind                 | noted flow_bind\n"
    "?prompt                   | bind_none\n"
    "<]E08901234000038         | reject bind_none\n"
    "flow:receive\n"
    "<]E08901234000090         | attention capture_wanted\n"
    "qty:7                     | accept captured | captured 7 @QUAR\n"
    "flow:bind\n"
    "?prompt                   | scan_product_to_bind\n"
    "ok                        | reject scan_product_first\n"
    "<]E08901234000038         | noted in_hand\n"
    "?prompt                   | key_units\n"
    "qty:6                     | noted in_hand\n"
    "ok                        | accept bound | bound/6; received 42 @QUAR\n"
    "?prompt                   | bind_none\n"
    "= SOAP - QUAR sellable    | 42\n"
    "flow:receive\n"
    "<]E08901234000090         | noted in_hand\n"
    "?item                     | SOAP 6 pieces\n"
    "ok                        | accept received | received 6 @DOCK\n";

static const char bound_by_search[] =
    "flow:receive\n"
    "<]E08901234000090\n"
    "qty:2                     | accept captured | captured 2 @QUAR\n"
    "flow:bind\n"
    "sku:NONE                  | reject unknown_product\n"
    "sku:BISC                  | noted in_hand\n"
    "?prompt                   | key_batch\n"
    "ok                        | attention part_missing\n"
    "batch:Q1\n"
    "expiry:2026-07-01\n"
    "mrp:10\n"
    "ok                        | accept bound | bound/1; received 2 Q1 @QUAR [hold]\n";

static const struct floor_story stories[] = {
    {"a transfer arrives whole", whole},
    {"what is damaged or missing is balanced line by line", short_and_damaged},
    {"what was not sent is refused, what is more goes to quarantine", not_sent},
    {"expired goods of a transfer are set apart, short or whole", expired_on_the_way},
    {"short closes the line with what is in hand", short_with_goods},
    {"returns land in quarantine with their reason and outlet", returned},
    {"a captured code is bound, and its stock counted once", bound_once},
    {"a code is bound to a product found by its name, and checked at receipt", bound_by_search},
};

int main(void)
{
    return floor_story_run("station_transfer", stories, ARRAY_LEN(stories));
}
