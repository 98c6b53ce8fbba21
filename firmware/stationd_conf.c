/* SPDX-License-Identifier: Apache-2.0 */
#include "stationd_conf.h"

#include "attr.h"

#define AT(field) offsetof(struct stationd_conf, field)
#define SIZE(field) sizeof(((struct stationd_conf *)0)->field)
#define INT(section, key, field, min, max, preset, help)                                           \
    {                                                                                              \
        section, key, CONF_INT, min, max, preset, AT(field), help, NULL                            \
    }
#define TEXT(section, key, field, min, preset, help)                                               \
    {                                                                                              \
        section, key, CONF_TEXT, min, SIZE(field), preset, AT(field), help, NULL                   \
    }

static const struct conf_key keys[] = {
    TEXT("site", "tenant", tenant, 0, "demo",
         "The distributor: 1 to 32 of a-z, 0-9 and -; empty: named with device and epoch by the "
         "relay."),
    TEXT("site", "device", device, 1, "wh-01", "This appliance, unique within the distributor."),
    INT("site", "epoch", epoch, 1, 4294967295, "1",
        "Life of this appliance's storage; the relay gives it."),
    TEXT("site", "name", site, 1, "warehouse", "What people call the place."),
    TEXT("site", "folder", folder, 1, "/var/lib/vyapar",
         "Folder of journal.db and of what belongs to it."),
    TEXT("site", "documents", documents, 0, "/var/lib/vyapar/documents",
         "Folder where documents are laid to be applied; empty: none."),
    INT("site", "disk_reserve_mb", disk_reserve_mb, 0, 100000, "64",
        "Megabytes that new work leaves free on the disk."),
    INT("journal", "retention_days", retention_days, 0, 36500, "400",
        "Days after which entries that the relay has safe are deleted here; 0: when the disk is "
        "nearly full."),

    TEXT("clock", "source", clock, 1, "system",
         "system, or lapse:START_MS:SPEED_PERMILLE:ORIGIN_MONO_MS for simulations."),

    TEXT("web", "bind", bind, 1, "127.0.0.1",
         "Numeric address on which the screen is served; 0.0.0.0 is every network."),
    INT("web", "port", port, 0, 65535, "8080", "TCP port of the screen; 0 takes a free one."),

    TEXT("floor", "post1", posts[0], 1, "dock DOCK QUAR",
         "A workplace: NAME, bin for received goods, bin for quarantine."),
    TEXT("floor", "post2", posts[1], 0, "", "Second workplace."),
    TEXT("floor", "post3", posts[2], 0, "", "Third workplace."),
    TEXT("floor", "post4", posts[3], 0, "", "Fourth workplace."),
    INT("floor", "repeat_ms", repeat_ms, 0, 5000, "700",
        "Same bytes from the same scanner within so many milliseconds are one scan."),
    INT("floor", "repeat_count_ms", repeat_count_ms, 0, 5000, "250",
        "The same where equal items are scanned one by one."),
    INT("floor", "sign_out_minutes", sign_out_minutes, 0, 1440, "30",
        "Minutes without input after which a post asks for its worker again; 0: never."),
    {"floor", "pin_required", CONF_BOOL, 0, 0, "true", AT(pin_required),
     "Whether a badge needs its PIN.", NULL},
    INT("floor", "recount_permille", recount_permille, 0, 1000, "50",
        "Variance of a count, in thousandths, from which it is asked for once more."),
    {"floor", "fewest_lots", CONF_BOOL, 0, 0, "false", AT(fewest_lots),
     "Propose as few lots as fill a line, instead of strictly the first to expire.", NULL},

    TEXT("barcode", "instore1", instore[0], 0, "21IIIIIWWWWWK",
         "Layout of labels that a shop's scale prints: 2 digits of prefix, I item, W grams, P "
         "paise or N pieces, V verifier, K check digit."),
    TEXT("barcode", "instore2", instore[1], 0, "", "Second layout."),
    TEXT("barcode", "instore3", instore[2], 0, "", "Third layout."),
    TEXT("barcode", "instore4", instore[3], 0, "", "Fourth layout."),
    {"barcode", "plain_code128", CONF_BOOL, 0, 0, "false", AT(plain_code128),
     "Try Code 128 without FNC1 as a GS1 element string.", NULL},
    {"barcode", "pad_short_gtin", CONF_BOOL, 0, 0, "false", AT(pad_short_gtin),
     "Accept GTINs of 13 digits in Digital Links.", NULL},
    INT("barcode", "usual_batch_length", usual_batch_length, 0, 20, "0",
        "Ask about batches that are longer: a separator may be missing; 0: of none."),

    TEXT("devices", "scanner1", scanners[0], 0, "",
         "DRIVER PATH post=NAME [name= baud= line= prefix= suffix= terminator= gap_ms= separator= "
         "match= "
         "serial=]; drivers evdev, serial."),
    TEXT("devices", "scanner2", scanners[1], 0, "", "Second scanner."),
    TEXT("devices", "scanner3", scanners[2], 0, "", "Third scanner."),
    TEXT("devices", "scanner4", scanners[3], 0, "", "Fourth scanner."),
    TEXT("devices", "scale1", scales[0], 0, "",
         "DRIVER PATH post=NAME profile=NAME [name= unit= baud= parity= order= decimals= "
         "weight_unit= capacity_g= timeout_ms=]; drivers rtu, tcp, ascii."),
    TEXT("devices", "scale2", scales[1], 0, "", "Second scale."),
    TEXT("devices", "scale3", scales[2], 0, "", "Third scale."),
    TEXT("devices", "scale4", scales[3], 0, "", "Fourth scale."),
    TEXT("devices", "printer1", printers[0], 0, "",
         "DRIVER PATH [post=NAME]; drivers tcp (ADDRESS:PORT), file."),
    TEXT("devices", "printer2", printers[1], 0, "", "Second printer."),
    TEXT("devices", "printer3", printers[2], 0, "", "Third printer."),
    TEXT("devices", "printer4", printers[3], 0, "", "Fourth printer."),
    TEXT("devices", "indicator1", indicators[0], 0, "",
         "sysfs GREEN_LED_FOLDER post=NAME [red= pwm= buzzer=]."),
    TEXT("devices", "indicator2", indicators[1], 0, "", "Second lamp."),
    TEXT("devices", "indicator3", indicators[2], 0, "", "Third lamp."),
    TEXT("devices", "indicator4", indicators[3], 0, "", "Fourth lamp."),

    INT("risk", "grace_days", grace_days, 0, 365, "30",
        "Days with stock before a new SKU is judged."),
    INT("risk", "slow_days", slow_days, 1, 3650, "45",
        "Days without outward movement from which a SKU is slow-moving."),
    INT("risk", "dead_days", dead_days, 1, 3650, "90",
        "Days without outward movement from which a SKU is dead."),
    INT("risk", "dead_horizon_days", dead_horizon_days, 1, 365, "60",
        "Days over which no further sale counts as dead."),
    INT("risk", "carrying_permille", carrying_permille, 0, 1000, "200",
        "Cost of keeping stock, thousandths of landed cost a year."),
    INT("risk", "skus_max", skus_max, 100, 100000, "5000", "SKUs that memory is taken for."),
    INT("risk", "batches_max", batches_max, 100, 1000000, "50000",
        "Batches that memory is taken for."),
};

const struct conf_table stationd_conf_table = {keys, ARRAY_LEN(keys)};
