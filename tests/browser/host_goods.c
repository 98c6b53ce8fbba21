/* SPDX-License-Identifier: Apache-2.0 */
#include "host_goods.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "civil.h"
#include "master.h"
#include "opening.h"

#define BODY_MAX 8192

/* crypt(5) yescrypt of 2468 */
#define PIN_HASH "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$UWd9ZKknHrDoLx03Tv5s0HKYHhYNt0pXx67Wl3IOWZ2"

/* "{+28}" stands for the date 28 days after the warehouse is made, "{-3}" for one before it. */
static const char catalogue[] =
    "sku,name,name_hi,brand,category,hsn,unit,expiry_kind,shelf_life_days,receipt_permille,"
    "outlet_days,needs,cost,price,mrp,volume_ml,instore_item,piece_units,piece_gtin,inner_units,"
    "inner_gtin,case_units,case_gtin\n"
    "BISC-80,\"Glucose Biscuits, 80 g\",ग्लूकोज़ बिस्कुट 80 ग्राम,Suraj,biscuits,1905,piece,best_before,"
    "180,600,30,batch+expiry+mrp,7.80,8.40,10.00,240,,,8901234567890,12,,144,18901234567897\n"
    "TEA-250,Assam Tea 250 g,असम चाय 250 ग्राम,Bagaan,tea,090230,piece,best_before,365,600,45,"
    "batch+expiry+mrp,92.00,101.50,125.00,900,,,8901234500019,,,24,18901234500016\n"
    "UHT-1L,UHT Milk 1 l,यूएचटी दूध 1 "
    "लीटर,Gomata,dairy,04012000,piece,use_by,150,750,20,batch+expiry,"
    "52.10,55.25,68.00,1050,,,8901234500026,,,12,\n"
    "PANEER,Paneer loose,पनीर खुला,,dairy,0406,g,use_by,30,800,5,expiry,0.29,0.33,,,41094,1,,,,,\n"
    "OIL-1L,Groundnut Oil 1 l pouch,मूंगफली तेल 1 "
    "लीटर,Annapurna,oil,1508,piece,best_before,270,600,45,"
    "batch+expiry+mrp,148.00,158.00,185.00,1100,,,8901234500033,,,12,\n"
    "HAIR-200,Amla Hair Oil 200 ml,आँवला केश तेल 200 "
    "मिली,Kesar,personal care,3305,piece,use_by,1080,300,60,batch+expiry+mrp,84.00,92.00,120.00,"
    "320,,,8901234500040,,,24,\n"
    "SOAP-75,\"Rose Soap, 75 g\",गुलाब साबुन 75 ग्राम,Kesar,personal "
    "care,3401,piece,use_by,1080,300,60,"
    "batch+expiry+mrp,21.50,24.00,32.00,110,,,8901234500057,12,,144,\n";

static const char bins[] = "bin,kind,volume_ml,walk\n"
                           "DOCK,dock,0,0\n"
                           "A-01-2,rack,1200000,1\n"
                           "A-02-1,rack,1200000,2\n"
                           "B-07-3,rack,1200000,3\n"
                           "QUAR,quarantine,0,0\n";

static const char parties[] = "party,kind,name,gstin,territory,min_life_days,min_life_permille\n"
                              "OUT-001,outlet,Sharma Kirana Store,,Sitabuldi,0,0\n"
                              "SUP-01,supplier,Suraj Foods Ltd,27AAPFU0939F1ZV,,0,0\n"
                              "WH-PUNE,site,Pune warehouse,27AAPFU0939F1ZV,Pune,60,0\n";

static const char workers[] = "worker,name,pin_hash,role,language\n"
                              "W01,Ramesh," PIN_HASH ",staff,hi\n"
                              "W02,Anita," PIN_HASH ",supervisor,en\n";

static const char orders[] = "document,kind,line,party,sku,qty,due,batch,expiry,mrp,received\n"
                             "SO-1001,sale,1,OUT-001,BISC-80,36,{+1},,,,\n"
                             "SO-1001,sale,2,OUT-001,TEA-250,6,{+1},,,,\n"
                             "SO-1001,sale,3,OUT-001,OIL-1L,4,{+1},,,,\n"
                             "SO-1002,sale,1,OUT-001,UHT-1L,12,{+2},,,,\n"
                             "PO-501,purchase,1,SUP-01,BISC-80,1440,{+0},,,,\n";

static const char stock[] = "bin,sku,batch,made,expiry,mrp,qty\n"
                            "A-01-2,BISC-80,B2605,{-152},{+28},10.00,437\n"
                            "A-02-1,BISC-80,B2609,{-40},{+140},10.00,1152\n"
                            "B-07-3,TEA-250,LT26X,{-90},{+275},125.00,311\n"
                            "B-07-3,UHT-1L,M118,{-141},{+9},68.00,97\n"
                            "A-02-1,OIL-1L,GN44,{-60},{+210},185.00,60\n"
                            "A-02-1,SOAP-75,RS11,{-300},{+780},32.00,1296\n"
                            "B-07-3,HAIR-200,AH07,{-210},{+870},120.00,222\n"
                            "QUAR,TEA-250,LT25A,{-380},{-15},120.00,18\n";

/* What was sold in the half year before, a few days a week: all goods sell, except that the soap
 * has been idle for 120 days and the hair oil, last sold 20 days ago, sells a quarter or less
 * of what it did until a month ago. */
#define SOLD_DAYS 180
#define SOLD_EVERY_DAYS 3
static const struct {
    const char *sku;
    int32_t until_days; /* ago: the last sale */
    int units;
    int late_units; /* in the last 30 days */
} sold[] = {
    {"BISC-80", 1, 36, 36}, {"TEA-250", 1, 9, 9},   {"UHT-1L", 1, 6, 6},
    {"OIL-1L", 1, 3, 3},    {"HAIR-200", 20, 8, 2}, {"SOAP-75", 121, 24, 24},
};
#define LATE_DAYS 30

static size_t write_history(int32_t today, char out[BODY_MAX])
{
    size_t len = (size_t)snprintf(out, BODY_MAX, "sku,day,units\n");
    for (size_t i = 0; i < ARRAY_LEN(sold); i++) {
        for (int32_t ago = sold[i].until_days; ago <= SOLD_DAYS; ago += SOLD_EVERY_DAYS) {
            char day[CIVIL_TEXT_SIZE];
            len += (size_t)snprintf(out + len, BODY_MAX - len, "%s,%s,%d\n", sold[i].sku,
                                    civil_format(today - ago, day),
                                    ago <= LATE_DAYS ? sold[i].late_units : sold[i].units);
            assert(len < BODY_MAX);
        }
    }
    return len;
}

/* Writes text with its dates filled in. Returns the length. */
static size_t fill_dates(const char *text, int32_t today, char out[BODY_MAX])
{
    size_t len = 0;
    for (const char *p = text; *p != '\0';) {
        if (*p != '{') {
            assert(len < BODY_MAX - 1);
            out[len++] = *p++;
            continue;
        }
        char *end = NULL;
        char date[CIVIL_TEXT_SIZE];
        long days = strtol(p + 1, &end, 10);
        assert(*end == '}');
        len += (size_t)snprintf(out + len, BODY_MAX - len, "%s",
                                civil_format(today + (int32_t)days, date));
        p = end + 1;
    }
    out[len] = '\0';
    return len;
}

int host_goods_apply(struct journal *j, const struct journal_time *time, struct diag *reterr)
{
    static const struct {
        enum document_type type;
        const char *text;
    } documents[] = {
        {DOCUMENT_CATALOGUE, catalogue}, {DOCUMENT_PARTIES, parties}, {DOCUMENT_BINS, bins},
        {DOCUMENT_WORKERS, workers},     {DOCUMENT_ORDERS, orders},
    };
    char body[BODY_MAX];
    int32_t today = civil_ist_day(time->wall_ms);
    for (size_t i = 0; i < ARRAY_LEN(documents); i++) {
        size_t len = fill_dates(documents[i].text, today, body);
        int err = master_apply(j, time, documents[i].type, 1, body, len, reterr);
        if (err == 0)
            err = journal_commit(j);
        if (err < 0)
            return err;
    }
    size_t len = write_history(today, body);
    int err = master_apply(j, time, DOCUMENT_HISTORY, 1, body, len, reterr);
    if (err == 0)
        err = journal_commit(j);
    if (err < 0)
        return err;
    len = fill_dates(stock, today, body);
    err = opening_import(j, time, body, len, reterr);
    return err < 0 ? err : 0;
}
