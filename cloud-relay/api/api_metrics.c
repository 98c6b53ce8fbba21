/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "api_metrics.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define CLASSES 5 /* 1xx to 5xx */
#define BUCKETS 7

static const int64_t bounds_us[BUCKETS] = {5000, 20000, 100000, 500000, 1000000, 2000000, 10000000};

struct row {
    atomic_uint_fast64_t by_class[CLASSES];
    atomic_uint_fast64_t by_time[BUCKETS + 1];
    atomic_uint_fast64_t sum_us;
};

struct api_metrics {
    size_t count; /* the last row is for what is no route */
    struct row *rows;
    atomic_uint_fast64_t callbacks[CHANNEL_COUNT][CALLBACK_RESULT_COUNT];
};

int api_metrics_open(size_t routes, struct api_metrics **ret)
{
    assert(ret);
    AUTO(api_metrics) m = calloc(1, sizeof(*m));
    if (!m)
        return -ENOMEM;
    m->count = routes + 1;
    m->rows = calloc(m->count, sizeof(*m->rows));
    if (!m->rows)
        return -ENOMEM;
    *ret = TAKE(m);
    return 0;
}

void api_metrics_free(struct api_metrics *m)
{
    if (!m)
        return;
    free(m->rows);
    free(m);
}

void api_metrics_count(struct api_metrics *m, size_t route, unsigned status, int64_t took_us)
{
    assert(m && route < m->count && status >= 100 && status < 600 && took_us >= 0);
    struct row *r = &m->rows[route];
    atomic_fetch_add(&r->by_class[status / 100 - 1], 1);
    size_t b = 0;
    while (b < BUCKETS && took_us > bounds_us[b])
        b++;
    atomic_fetch_add(&r->by_time[b], 1);
    atomic_fetch_add(&r->sum_us, (uint_fast64_t)took_us);
}

void api_metrics_callback(struct api_metrics *m, enum message_channel channel,
                          enum callback_result result)
{
    assert(m && (size_t)channel < CHANNEL_COUNT && (size_t)result < CALLBACK_RESULT_COUNT);
    atomic_fetch_add(&m->callbacks[channel][result], 1);
}

static void write_callbacks(const struct api_metrics *m, FILE *out)
{
    static const char *const results[CALLBACK_RESULT_COUNT] = {"taken", "refused", "malformed"};
    fputs("# HELP relay_callbacks_total Bodies that providers sent, by what became of them.\n"
          "# TYPE relay_callbacks_total counter\n",
          out);
    for (size_t i = 0; i < CHANNEL_COUNT; i++)
        for (size_t k = 0; k < CALLBACK_RESULT_COUNT; k++)
            fprintf(out, "relay_callbacks_total{channel=\"%s\",result=\"%s\"} %" PRIu64 "\n",
                    channel_name((enum message_channel)i), results[k],
                    (uint64_t)atomic_load(&m->callbacks[i][k]));
}

static void write_times(struct row *r, const char *id, FILE *out)
{
    uint64_t n = 0;
    for (size_t b = 0; b < BUCKETS; b++) {
        n += atomic_load(&r->by_time[b]);
        fprintf(out, "relay_http_seconds_bucket{operation=\"%s\",le=\"%g\"} %" PRIu64 "\n", id,
                (double)bounds_us[b] / 1e6, n);
    }
    n += atomic_load(&r->by_time[BUCKETS]);
    fprintf(out, "relay_http_seconds_bucket{operation=\"%s\",le=\"+Inf\"} %" PRIu64 "\n", id, n);
    fprintf(out, "relay_http_seconds_sum{operation=\"%s\"} %.6f\n", id,
            (double)atomic_load(&r->sum_us) / 1e6);
    fprintf(out, "relay_http_seconds_count{operation=\"%s\"} %" PRIu64 "\n", id, n);
}

void api_metrics_write(const struct api_metrics *m, const struct api_route *routes, FILE *out)
{
    assert(m && routes && out);
    fputs("# HELP relay_http_requests_total Answers by operation and class of status.\n"
          "# TYPE relay_http_requests_total counter\n",
          out);
    for (size_t i = 0; i < m->count; i++) {
        const char *id = i + 1 < m->count ? routes[i].id : "none";
        for (size_t c = 0; c < CLASSES; c++) {
            uint64_t n = atomic_load(&m->rows[i].by_class[c]);
            if (n > 0)
                fprintf(out,
                        "relay_http_requests_total{operation=\"%s\",status=\"%zuxx\"} %" PRIu64
                        "\n",
                        id, c + 1, n);
        }
    }
    fputs("# HELP relay_http_seconds How long answers took.\n"
          "# TYPE relay_http_seconds histogram\n",
          out);
    for (size_t i = 0; i < m->count; i++)
        write_times(&m->rows[i], i + 1 < m->count ? routes[i].id : "none", out);
    write_callbacks(m, out);
}

void api_metrics_write_process(FILE *out)
{
    struct rusage used;
    if (getrusage(RUSAGE_SELF, &used) == 0)
        fprintf(out,
                "# TYPE process_cpu_seconds_total counter\n"
                "process_cpu_seconds_total %.3f\n",
                (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                    (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6);
    FILE *statm = fopen("/proc/self/statm", "re");
    long size = 0;
    long resident = 0;
    if (statm && fscanf(statm, "%ld %ld", &size, &resident) == 2)
        fprintf(out,
                "# TYPE process_resident_memory_bytes gauge\n"
                "process_resident_memory_bytes %" PRId64 "\n",
                (int64_t)resident * sysconf(_SC_PAGESIZE));
    if (statm)
        fclose(statm);
}
