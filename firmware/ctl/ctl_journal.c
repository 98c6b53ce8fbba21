/* SPDX-License-Identifier: Apache-2.0 */
/* vyaparctl journal: looking into a journal file. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "civil.h"
#include "ctl.h"
#include "entry_json.h"
#include "journal.h"
#include "journal_stock.h"
#include "stock_status.h"

#define VERIFY_STEP 20000 /* entries between two words of progress */

struct reading {
    const char *file;
    struct journal *journal;
    struct origin origin;
};

static void reading_free(struct reading *r)
{
    journal_free(r->journal);
}

static enum ctl_exit open_file(int argc, char **argv, const char *command, struct reading *ret)
{
    if (argc < 1 || argv[0][0] == '-')
        return ctl_misused("journal %s: FILE is missing", command);
    struct diag why = {0};
    *ret = (struct reading){.file = argv[0]};
    int err = journal_open_readonly(argv[0], NULL, &ret->origin, &why, &ret->journal);
    return err < 0 ? ctl_complain(argv[0], &why, err) : CTL_GOOD;
}

static enum ctl_exit no_more(int argc, char **argv, const char *command)
{
    return argc > 1 ? ctl_misused("journal %s: unexpected: %s", command, argv[1]) : CTL_GOOD;
}

static enum ctl_exit bad(const char *file, const char *fmt, ...) PRINTF_LIKE(2, 3);

static enum ctl_exit bad(const char *file, const char *fmt, ...)
{
    struct diag why = {0};
    va_list args;
    va_start(args, fmt);
    vsnprintf(why.text, sizeof(why.text), fmt, args);
    va_end(args);
    return ctl_complain(file, &why, 0);
}

/* ---- verify ---- */

static int keep_hash(const struct entry *e, const uint8_t *raw, size_t raw_len,
                     const struct chain_head *hash, void *context)
{
    (void)e;
    (void)raw;
    (void)raw_len;
    *(struct chain_head *)context = *hash;
    return 1;
}

/* The record of the head must be the last entry's: an end that was cut off or added shows here. */
static enum ctl_exit check_end(const struct reading *r, int64_t head)
{
    struct chain_head last = {{0}};
    struct chain_head want = journal_head_hash(r->journal);
    int err = journal_read(r->journal, head, keep_hash, &last);
    if (err < 0)
        return ctl_complain(r->file, NULL, err);
    if (memcmp(last.hash, want.hash, sizeof(want.hash)) != 0)
        return bad(r->file, "entry %" PRId64 " is not the one that the head names", head);
    return CTL_GOOD;
}

static enum ctl_exit verify(const struct reading *r)
{
    int64_t head = journal_head(r->journal);
    int64_t floor = journal_floor(r->journal);
    bool shows = isatty(STDERR_FILENO);
    for (int64_t next = floor + 1; next <= head;) {
        int64_t count = head - next + 1 < VERIFY_STEP ? head - next + 1 : VERIFY_STEP;
        int64_t from = next;
        int64_t good = journal_verify(r->journal, from, count, &next);
        if (good < 0)
            return bad(r->file, "from entry %" PRId64 " on: %s", from, strerror((int)-good));
        if (good < count)
            return bad(r->file,
                       "entry %" PRId64 " is damaged or missing; the %" PRId64
                       " before it are good",
                       next, next - 1 - floor);
        if (shows)
            fprintf(stderr, "\r%" PRId64 " of %" PRId64 " entries%s", next - 1, head,
                    next > head ? "\n" : "");
    }
    enum ctl_exit end = check_end(r, head);
    if (end != CTL_GOOD)
        return end;
    printf("%s: %s/%s/%" PRIu32 ": %" PRId64 " entries, the chain is whole", r->file,
           r->origin.tenant, r->origin.device, r->origin.epoch, head - floor);
    if (floor > 0)
        printf(" from entry %" PRId64 " on; those before were deleted, the relay has them",
               floor + 1);
    putchar('\n');
    return end;
}

static enum ctl_exit check_origin(const struct reading *r, const char *want)
{
    char is[ORIGIN_TENANT_SIZE + ORIGIN_DEVICE_SIZE + 16];
    snprintf(is, sizeof(is), "%s/%s/%" PRIu32, r->origin.tenant, r->origin.device, r->origin.epoch);
    return strcmp(is, want) == 0
               ? CTL_GOOD
               : bad(r->file, "this is the journal of %s, not of %.60s", is, want);
}

enum ctl_exit ctl_journal_verify(int argc, char **argv)
{
    struct reading r;
    enum ctl_exit end = open_file(argc, argv, "verify", &r);
    if (end != CTL_GOOD)
        return end;
    if (argc == 3 && strcmp(argv[1], "--origin") == 0)
        end = check_origin(&r, argv[2]);
    else
        end = no_more(argc, argv, "verify");
    if (end == CTL_GOOD)
        end = verify(&r);
    reading_free(&r);
    return end;
}

/* ---- dump ---- */

struct dump {
    int32_t kind; /* 0: every */
    bool json;
};

static int print_json(const struct entry *e)
{
    char *line = entry_json(e);
    if (!line)
        return -ENOMEM;
    puts(line);
    free(line);
    return 0;
}

/* Seconds of Indian time, in which people at the site think. */
static void print_time(int64_t utc_ms)
{
    char day[CIVIL_TEXT_SIZE];
    int32_t d = civil_ist_day(utc_ms);
    int64_t s = (utc_ms - civil_ist_start_ms(d)) / 1000;
    printf("%s %02d:%02d:%02d", civil_format(d, day), (int)(s / 3600), (int)(s / 60 % 60),
           (int)(s % 60));
}

static void print_word(const char *before, const char *word)
{
    if (word[0])
        printf("%s%s", before, word);
}

static void print_line(const struct entry *e)
{
    char day[CIVIL_TEXT_SIZE];
    printf("%" PRId64 "  ", e->seq);
    print_time(e->wall_ms);
    printf("  %s", entry_kind_name(e->kind));
    if (e->kind == ENTRY_COUNTED)
        printf(" %" PRId64 " instead of %" PRId64, e->observed, e->expected);
    else if (e->qty != 0)
        printf(" %" PRId64, e->qty);
    print_word(" ", e->sku);
    print_word(" batch ", e->batch.number);
    print_word(" expiry ", civil_format(e->batch.expiry_day, day));
    print_word(" bin ", e->bin);
    print_word(" > ", e->bin_to);
    if (e->kind == ENTRY_RESTATED)
        printf(" %s > %s", stock_status_name((enum stock_status)e->status),
               stock_status_name((enum stock_status)e->status_to));
    print_word(" document ", e->document);
    print_word(" party ", e->party);
    print_word(" reason ", e->reason);
    print_word(" by ", e->worker);
    print_word(": ", e->note);
    putchar('\n');
}

static int dump_entry(const struct entry *e, const uint8_t *raw, size_t raw_len,
                      const struct chain_head *hash, void *context)
{
    (void)raw;
    (void)raw_len;
    (void)hash;
    const struct dump *d = context;
    if (d->kind != 0 && e->kind != d->kind)
        return 0;
    if (d->json)
        return print_json(e);
    print_line(e);
    return 0;
}

/* Reads the options behind FILE. */
static enum ctl_exit dump_options(int argc, char **argv, struct dump *d, int64_t *from)
{
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(argv[i], "--json") == 0) {
            d->json = true;
            continue;
        }
        if (strcmp(argv[i], "--kind") == 0) {
            enum entry_kind kind = ENTRY_OPENED;
            if (entry_kind_parse(value, &kind) < 0)
                return ctl_misused("journal dump: --kind \"%s\": a kind of entry, as \"received\" "
                                   "or \"picked\"",
                                   value);
            d->kind = (int32_t)kind;
        } else if (strcmp(argv[i], "--from") == 0) {
            char *end = NULL;
            errno = 0;
            *from = strtoll(value, &end, 10);
            if (errno != 0 || end == value || *end || *from < 1)
                return ctl_misused("journal dump: --from \"%s\": 1 or more", value);
        } else {
            return ctl_misused("journal dump: unexpected: %s", argv[i]);
        }
        i++;
    }
    return CTL_GOOD;
}

enum ctl_exit ctl_journal_dump(int argc, char **argv)
{
    struct dump d = {0};
    int64_t from = 1;
    struct reading r;
    enum ctl_exit end = dump_options(argc, argv, &d, &from);
    if (end == CTL_GOOD)
        end = open_file(argc, argv, "dump", &r);
    if (end != CTL_GOOD)
        return end;
    if (from <= journal_floor(r.journal))
        fprintf(stderr, "%s: entries up to %" PRId64 " were deleted, the relay has them\n", r.file,
                journal_floor(r.journal));
    int err = journal_read(r.journal, from, dump_entry, &d);
    if (err < 0)
        end = bad(r.file, "the next entry cannot be read: %s; journal verify says which",
                  strerror(-err));
    reading_free(&r);
    return end;
}

/* ---- balance ---- */

struct balances {
    int64_t rows;
    int64_t wrong;
};

static int print_balance(const struct journal_balance *b, void *context)
{
    struct balances *all = context;
    char expiry[CIVIL_TEXT_SIZE];
    char mrp[24] = "";
    if (b->key.mrp_paise > 0)
        snprintf(mrp, sizeof(mrp), "%" PRId64 ".%02d", b->key.mrp_paise / 100,
                 (int)(b->key.mrp_paise % 100));
    printf("%s\t%s\t%s\t%s", b->sku, b->key.number, civil_format(b->key.expiry_day, expiry), mrp);
    for (int i = ACCOUNT_OPENING; i < ACCOUNT_COUNT; i++)
        printf("\t%" PRId64, b->accounts[i]);
    printf("\t%" PRId64 "\t%" PRId64 "%s\n", b->computed, b->held,
           b->computed == b->held ? "" : "\tDIFFERS");
    all->rows++;
    all->wrong += b->computed != b->held;
    return 0;
}

enum ctl_exit ctl_journal_balance(int argc, char **argv)
{
    struct reading r;
    enum ctl_exit end = no_more(argc, argv, "balance");
    if (end == CTL_GOOD)
        end = open_file(argc, argv, "balance", &r);
    if (end != CTL_GOOD)
        return end;
    printf("sku\tbatch\texpiry\tmrp");
    for (int i = ACCOUNT_OPENING; i < ACCOUNT_COUNT; i++)
        printf("\t%s", stock_account_name((enum stock_account)i));
    printf("\tcomputed\theld\n");
    struct balances all = {0};
    int err = journal_balances(r.journal, print_balance, &all);
    if (err == -ENODATA)
        end = bad(r.file,
                  "entries were deleted, and %s" JOURNAL_BASE_SUFFIX
                  " beside it does not say what stock they left",
                  r.file);
    else if (err < 0)
        end = ctl_complain(r.file, NULL, err);
    else if (all.wrong > 0)
        end = bad(r.file,
                  "%" PRId64 " of %" PRId64 " batches hold other stock than their entries say: "
                  "journal rebuild makes it anew",
                  all.wrong, all.rows);
    reading_free(&r);
    return end;
}

/* ---- digest, rebuild ---- */

static int print_digest(struct journal *j)
{
    uint8_t digest[SHA256_SIZE];
    int err = journal_fold_digest(j, digest);
    if (err < 0)
        return err;
    for (size_t i = 0; i < sizeof(digest); i++)
        printf("%02x", digest[i]);
    putchar('\n');
    return 0;
}

enum ctl_exit ctl_journal_digest(int argc, char **argv)
{
    struct reading r;
    enum ctl_exit end = no_more(argc, argv, "digest");
    if (end == CTL_GOOD)
        end = open_file(argc, argv, "digest", &r);
    if (end != CTL_GOOD)
        return end;
    int err = print_digest(r.journal);
    if (err < 0)
        end = ctl_complain(r.file, NULL, err);
    reading_free(&r);
    return end;
}

enum ctl_exit ctl_journal_rebuild(int argc, char **argv)
{
    struct reading r;
    enum ctl_exit end = no_more(argc, argv, "rebuild");
    if (end == CTL_GOOD)
        end = open_file(argc, argv, "rebuild", &r);
    if (end != CTL_GOOD)
        return end;
    reading_free(&r); /* it was opened to learn whose it is */

    struct journal_conf conf = {.path = r.file, .origin = r.origin, .alone = true};
    struct journal_time unused = {0}; /* nothing is appended */
    struct journal_opening opening;
    struct diag why = {0};
    AUTO(journal) j = NULL;
    int err = journal_open(&conf, &unused, &opening, &why, &j);
    if (err == -EBUSY)
        return bad(r.file, "another process has it open: stop stationd first");
    if (err < 0)
        return ctl_complain(r.file, &why, err);
    err = journal_rebuild(j);
    if (err == -ENODATA)
        return bad(r.file,
                   "entries were deleted, and %s" JOURNAL_BASE_SUFFIX
                   " beside it does not say what stock they left",
                   r.file);
    if (err == 0)
        err = print_digest(j);
    return err < 0 ? ctl_complain(r.file, NULL, err) : CTL_GOOD;
}
