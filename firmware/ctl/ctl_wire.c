/* SPDX-License-Identifier: Apache-2.0 */
/* vyaparctl wire: what a payload of the link says, as JSON lines. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "chunk.h"
#include "control.h"
#include "ctl.h"
#include "document_delta.h"
#include "entry_json.h"
#include "file_text.h"
#include "journal_context.h"
#include "notice.h"
#include "sha256.h"

static const char *hex(const uint8_t digest[SHA256_SIZE])
{
    static char text[SHA256_HEX_SIZE];
    return sha256_hex(digest, text);
}

static int print_entry(const struct entry *e, const uint8_t *raw, size_t raw_len, void *context)
{
    (void)raw;
    (void)raw_len;
    (void)context;
    char *line = entry_json(e);
    if (!line)
        return -ENOMEM;
    puts(line);
    free(line);
    return 0;
}

static void print_head(const struct batch_head *h, size_t len)
{
    printf("{\"payload\":\"batch\",\"bytes\":%zu,\"wire\":%d,\"ten\":\"%s\",\"dev\":\"%s\","
           "\"ep\":%" PRIu32 ",\"s\":%" PRId64 ",\"first_seq\":%" PRId64 ",\"n\":%" PRId32
           ",\"context\":%" PRId32 ",\"head_hash\":\"%s\"}\n",
           len, h->wire, h->origin.tenant, h->origin.device, h->origin.epoch, h->session,
           h->first_seq, h->count, h->context, hex(h->head_hash));
}

/* What a batch is foreseen from, out of the journal that it comes from. */
static int read_known(const char *journal, const struct batch_head *h, struct batch_context *known,
                      struct diag *why)
{
    AUTO(journal) j = NULL;
    struct origin origin;
    int err = journal_open_readonly(journal, NULL, &origin, why, &j);
    if (err < 0)
        return err;
    if (strcmp(origin.tenant, h->origin.tenant) != 0 ||
        strcmp(origin.device, h->origin.device) != 0 || origin.epoch != h->origin.epoch) {
        diag_set(why, 0, "the batch is of another journal than %s", journal);
        return -EINVAL;
    }
    batch_context_begin(known, h->first_seq - h->context);
    if (h->first_seq - h->context <= journal_floor(j)) {
        diag_set(why, 0,
                 "entries from %" PRId64 " on have to be known: %.60s begins with %" PRId64
                 ", those before were deleted",
                 h->first_seq - h->context, journal, journal_floor(j) + 1);
        return -ENODATA;
    }
    return journal_give_context(j, h->first_seq, known);
}

static int decode_batch(const uint8_t *bytes, size_t len, const char *journal, struct diag *why)
{
    AUTO(batch_decoder) y = NULL;
    AUTO(batch_context) known = NULL;
    struct batch_head head;
    int err = batch_decoder_new(&y);
    if (err == 0)
        err = batch_context_new(&known);
    if (err == 0 && batch_peek(bytes, len, &head) > 0) {
        print_head(&head, len); /* also when its entries cannot be read here */
        if (head.context > 0 && journal)
            err = read_known(journal, &head, known, why);
        if (err == 0)
            err = batch_decode_known(y, known, bytes, len, &head, print_entry, NULL, why);
        if (err == -ENODATA && !journal)
            diag_set(why, 0,
                     "the %" PRId32 " entries before %" PRId64
                     " have to be known: name the journal.db behind the file",
                     head.context, head.first_seq);
        return err;
    }
    if (err == 0)
        err = batch_decode(y, bytes, len, &head, NULL, NULL, why);
    if (err < 0)
        return err;
    print_head(&head, len);
    return batch_decode(y, bytes, len, &head, print_entry, NULL, why);
}

static int decode_notice(const uint8_t *bytes, size_t len, struct diag *why)
{
    struct notice n;
    int err = notice_read(bytes, len, &n, NULL, NULL, why);
    if (err < 0)
        return err;
    printf("{\"payload\":\"notice\",\"bytes\":%zu,\"ten\":\"%s\",\"dev\":\"%s\",\"ep\":%" PRIu32
           ",\"s\":%" PRId64 ",\"n\":%zu}\n",
           len, n.origin.tenant, n.origin.device, n.origin.epoch, n.session, n.count);
    return notice_read(bytes, len, &n, print_entry, NULL, why);
}

static int decode_chunk(const uint8_t *bytes, size_t len, struct diag *why)
{
    struct chunk c;
    int err = chunk_decode(bytes, len, &c, why);
    if (err < 0)
        return err;
    printf("{\"payload\":\"chunk\",\"bytes\":%zu,\"wire\":%d,\"s\":%" PRId64
           ",\"type\":\"%s\",\"version\":%" PRId64 ",\"from\":%" PRId64 ",\"number\":%" PRId32
           ",\"total\":%" PRId32 ",\"whole_bytes\":%" PRId64 ",\"sha256\":\"%s\"}\n",
           len, c.wire, c.session, c.type, c.version, c.from_version, c.number, c.total, c.bytes,
           hex(c.sha256));
    return 0;
}

static int decode_packed(const uint8_t *bytes, size_t len, struct diag *why)
{
    struct packed_head h;
    int err = packed_read_head(bytes, len, &h, why);
    if (err < 0)
        return err;
    printf("{\"payload\":\"%s\",\"bytes\":%zu,\"body_bytes\":%zu,\"sha256\":\"%s\"",
           h.delta ? "delta" : "snapshot", len, h.bytes, hex(h.sha256));
    if (h.delta)
        printf(",\"from_sha256\":\"%s\"", hex(h.old_sha256));
    puts("}");
    return 0;
}

/* Its own bytes in one order and spelling, so that two messages can be compared. */
static int decode_control(const uint8_t *bytes, size_t len, struct diag *why)
{
    struct control message;
    int err = control_read((const char *)bytes, len, &message, why);
    if (err < 0)
        return err;
    char text[CONTROL_MAX];
    size_t n = control_write(&message, text);
    printf("%.*s\n", (int)n, text);
    return 0;
}

static int decode(const uint8_t *bytes, size_t len, const char *journal, struct diag *why)
{
    /* A batch of JSON lines and a message both begin with a brace; a batch's head has no "m". */
    size_t line = 0;
    while (line < len && bytes[line] != '\n')
        line++;
    switch (len > 0 ? bytes[0] : 0) {
    case NOTICE_FORMAT:
        return decode_notice(bytes, len, why);
    case CHUNK_FORMAT:
        return decode_chunk(bytes, len, why);
    case PACKED_SNAPSHOT:
    case PACKED_DELTA:
        return decode_packed(bytes, len, why);
    case BATCH_JSON:
        return memmem(bytes, line, "\"m\"", 3) ? decode_control(bytes, len, why)
                                               : decode_batch(bytes, len, journal, why);
    default:
        return decode_batch(bytes, len, journal, why);
    }
}

enum ctl_exit ctl_wire_decode(int argc, char **argv)
{
    if (argc > 2)
        return ctl_misused("wire decode: at most a FILE and a JOURNAL");
    const char *path = argc >= 1 ? argv[0] : "/dev/stdin";
    const char *journal = argc == 2 ? argv[1] : NULL;
    char *bytes = NULL;
    size_t len = 0;
    struct diag why = {0};
    int err = file_text(path, PACKED_MAX, &bytes, &len);
    if (err == 0)
        err = decode((const uint8_t *)bytes, len, journal, &why);
    free(bytes);
    return err < 0 ? ctl_complain(path, &why, err) : CTL_GOOD;
}
