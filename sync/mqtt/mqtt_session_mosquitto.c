/* SPDX-License-Identifier: Apache-2.0 */
#include "mqtt_session.h"

#include <assert.h>
#include <errno.h>
#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "text.h"
#include "tls_context.h"

#define HOST_SIZE 128
#define STEPS_MAX 64 /* of one reading, so that writing has its turn */

struct flight {
    int mid; /* 0: free */
    uint64_t token;
};

struct mqtt_session {
    struct mosquitto *mosquitto;
    struct mqtt_session_hooks hooks;
    char *filters[MQTT_FILTERS_MAX];
    int filters_count;
    char presence[MQTT_TOPIC_SIZE];
    char birth[MQTT_WORDS_SIZE];
    int subscription; /* mid that is awaited; 0: none */
    bool up;
    int end;    /* why it cannot go on, found in a callback; 0: it can */
    int reason; /* MQTT's own */
    size_t inflight;
    struct flight flights[MQTT_INFLIGHT_MAX];
};

static const struct {
    int reason;
    int err;
} reasons[] = {
    {MQTT_RC_BAD_USERNAME_OR_PASSWORD, -EACCES},
    {MQTT_RC_NOT_AUTHORIZED, -EACCES},
    {MQTT_RC_BANNED, -EACCES},
    {MQTT_RC_CLIENTID_NOT_VALID, -EACCES},
    {MQTT_RC_SESSION_TAKEN_OVER, -EEXIST},
    {MQTT_RC_SERVER_UNAVAILABLE, -EBUSY},
    {MQTT_RC_SERVER_BUSY, -EBUSY},
    {MQTT_RC_SERVER_SHUTTING_DOWN, -EBUSY},
    {MQTT_RC_QUOTA_EXCEEDED, -EBUSY},
    {MQTT_RC_MESSAGE_RATE_TOO_HIGH, -EBUSY},
    {MQTT_RC_CONNECTION_RATE_EXCEEDED, -EBUSY},
    {MQTT_RC_RECEIVE_MAXIMUM_EXCEEDED, -EBUSY},
    {MQTT_RC_PACKET_TOO_LARGE, -EMSGSIZE},
};

static int err_of_reason(int reason)
{
    for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
        if (reasons[i].reason == reason)
            return reasons[i].err;
    return -EIO;
}

static const struct {
    int code;
    int err;
} codes[] = {
    {MOSQ_ERR_NOMEM, -ENOMEM},
    {MOSQ_ERR_TLS, -EKEYREJECTED},
    {MOSQ_ERR_TLS_HANDSHAKE, -EKEYREJECTED},
    {MOSQ_ERR_EAI, -EHOSTUNREACH},
    {MOSQ_ERR_LOOKUP, -EHOSTUNREACH},
    {MOSQ_ERR_NO_CONN, -EIO},
    {MOSQ_ERR_CONN_LOST, -EIO},
    {MOSQ_ERR_CONN_REFUSED, -EACCES},
    {MOSQ_ERR_KEEPALIVE, -ETIMEDOUT},
    {MOSQ_ERR_PAYLOAD_SIZE, -EMSGSIZE},
    {MOSQ_ERR_OVERSIZE_PACKET, -EMSGSIZE},
    {MOSQ_ERR_INVAL, -EINVAL},
};

/* libmosquitto's codes end here. `saved` is errno right after the call. */
static int err_of_code(int code, int saved, char words[MQTT_WORDS_SIZE])
{
    if (code == MOSQ_ERR_ERRNO && saved > 0) {
        text_cut(words, MQTT_WORDS_SIZE, strerror(saved));
        return -saved;
    }
    text_cut(words, MQTT_WORDS_SIZE, mosquitto_strerror(code));
    for (size_t i = 0; i < ARRAY_LEN(codes); i++)
        if (codes[i].code == code)
            return codes[i].err;
    return -EIO;
}

static void come_up(struct mqtt_session *s)
{
    if (*s->presence && mosquitto_publish_v5(s->mosquitto, NULL, s->presence, (int)strlen(s->birth),
                                             s->birth, 1, true, NULL) != MOSQ_ERR_SUCCESS) {
        s->end = -EIO;
        return;
    }
    s->up = true;
    s->hooks.on_up(s->hooks.context);
}

static void on_connect(struct mosquitto *mosquitto, void *context, int reason, int flags,
                       const mosquitto_property *properties)
{
    (void)flags;
    (void)properties;
    struct mqtt_session *s = context;
    if (reason != 0) {
        s->reason = reason;
        s->end = err_of_reason(reason);
    } else if (s->filters_count == 0) {
        come_up(s);
    } else if (mosquitto_subscribe_multiple(mosquitto, &s->subscription, s->filters_count,
                                            s->filters, 1, 0, NULL) != MOSQ_ERR_SUCCESS) {
        s->end = -EIO;
    }
}

static void on_subscribe(struct mosquitto *mosquitto, void *context, int mid, int count,
                         const int *granted, const mosquitto_property *properties)
{
    (void)mosquitto;
    (void)properties;
    struct mqtt_session *s = context;
    if (s->up || mid != s->subscription)
        return;
    for (int i = 0; i < count; i++) {
        if (granted[i] < 128)
            continue;
        s->reason = granted[i];
        s->end = -EACCES;
        return;
    }
    come_up(s);
}

static void on_disconnect(struct mosquitto *mosquitto, void *context, int reason,
                          const mosquitto_property *properties)
{
    (void)mosquitto;
    (void)properties;
    struct mqtt_session *s = context;
    if (reason < 128 || s->end != 0) /* libmosquitto's own codes are below, and come back by step */
        return;
    s->reason = reason;
    s->end = err_of_reason(reason);
}

static void on_publish(struct mosquitto *mosquitto, void *context, int mid, int reason,
                       const mosquitto_property *properties)
{
    (void)mosquitto;
    (void)properties;
    struct mqtt_session *s = context;
    for (size_t i = 0; i < s->inflight; i++) {
        if (s->flights[i].mid != mid)
            continue;
        s->flights[i].mid = 0;
        s->hooks.on_published(s->hooks.context, s->flights[i].token,
                              reason < 128 ? 0 : err_of_reason(reason), reason);
        return;
    }
}

static void on_message(struct mosquitto *mosquitto, void *context,
                       const struct mosquitto_message *message,
                       const mosquitto_property *properties)
{
    (void)mosquitto;
    (void)properties;
    struct mqtt_session *s = context;
    s->hooks.on_message(s->hooks.context, message->topic, message->payload,
                        (size_t)message->payloadlen, message->retain);
}

/* The context is all ours: libmosquitto 2.0.11 cannot verify with its defaults over another's. */
static int set_tls(struct mqtt_session *s, const struct mqtt_conf *conf, const char *host,
                   int64_t now_ms, bool doubtful)
{
    if (!conf->ca)
        return 0;
    const struct tls_files files = {conf->ca, conf->certificate, conf->key};
    SSL_CTX *ctx = NULL;
    int err = tls_context_new(&files, host, now_ms, doubtful, &ctx);
    if (err < 0)
        return err;
    int code = mosquitto_int_option(s->mosquitto, MOSQ_OPT_SSL_CTX_WITH_DEFAULTS, 0);
    if (code == MOSQ_ERR_SUCCESS)
        code = mosquitto_void_option(s->mosquitto, MOSQ_OPT_SSL_CTX, ctx); /* counts a reference */
    SSL_CTX_free(ctx);
    return code == MOSQ_ERR_SUCCESS ? 0 : -ENOMEM;
}

static int set_options(struct mqtt_session *s, const struct mqtt_conf *conf)
{
    struct mosquitto *m = s->mosquitto;
    mosquitto_connect_v5_callback_set(m, on_connect);
    mosquitto_subscribe_v5_callback_set(m, on_subscribe);
    mosquitto_disconnect_v5_callback_set(m, on_disconnect);
    mosquitto_publish_v5_callback_set(m, on_publish);
    mosquitto_message_v5_callback_set(m, on_message);
    int code = mosquitto_int_option(m, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
    if (code == MOSQ_ERR_SUCCESS)
        code = mosquitto_int_option(m, MOSQ_OPT_TCP_NODELAY, 1);
    if (code == MOSQ_ERR_SUCCESS)
        code = mosquitto_int_option(m, MOSQ_OPT_RECEIVE_MAXIMUM, (int)conf->inflight);
    if (code == MOSQ_ERR_SUCCESS)
        code = mosquitto_int_option(m, MOSQ_OPT_SEND_MAXIMUM, (int)conf->inflight);
    if (code == MOSQ_ERR_SUCCESS && conf->presence)
        code = mosquitto_will_set_v5(m, conf->presence, (int)strlen(conf->will), conf->will, 1,
                                     true, NULL);
    return code;
}

/* "host:port", "[::1]:8883": the list was checked when it was given. */
static int split(const char *broker, char ret_host[HOST_SIZE], int *ret_port)
{
    const char *colon = strrchr(broker, ':');
    if (!colon)
        return -EINVAL;
    const char *from = broker;
    size_t len = (size_t)(colon - broker);
    if (len > 2 && from[0] == '[' && from[len - 1] == ']') {
        from++;
        len -= 2;
    }
    *ret_port = atoi(colon + 1);
    return text_copy_n(ret_host, HOST_SIZE, from, len);
}

static int copy_conf(struct mqtt_session *s, const struct mqtt_conf *conf)
{
    s->inflight = conf->inflight;
    for (const char *const *f = conf->filters; f && *f; f++) {
        assert(s->filters_count < MQTT_FILTERS_MAX);
        s->filters[s->filters_count] = strdup(*f);
        if (!s->filters[s->filters_count++])
            return -ENOMEM;
    }
    if (!conf->presence)
        return 0;
    int err = text_copy(s->presence, sizeof(s->presence), conf->presence);
    return err < 0 ? err : text_copy(s->birth, sizeof(s->birth), conf->birth);
}

int mqtt_session_open(const struct mqtt_conf *conf, const char *broker, int64_t tls_now_ms,
                      bool doubtful, const struct mqtt_session_hooks *hooks,
                      char ret_words[MQTT_WORDS_SIZE], struct mqtt_session **ret)
{
    assert(conf && broker && hooks && ret_words && ret);
    char host[HOST_SIZE];
    int port = 0;
    AUTO(mqtt_session) s = calloc(1, sizeof(*s));
    if (!s)
        return -ENOMEM;
    s->hooks = *hooks;
    int err = copy_conf(s, conf);
    if (err == 0)
        err = split(broker, host, &port);
    if (err < 0)
        return err;
    s->mosquitto = mosquitto_new(conf->name, true, s);
    if (!s->mosquitto)
        return -ENOMEM;
    err = set_tls(s, conf, host, tls_now_ms, doubtful);
    if (err < 0) {
        text_cut(ret_words, MQTT_WORDS_SIZE, "certificate or key cannot be used");
        return err;
    }
    int code = set_options(s, conf);
    errno = 0;
    if (code == MOSQ_ERR_SUCCESS)
        code = mosquitto_connect_async(s->mosquitto, host, port, conf->keepalive_s);
    if (code != MOSQ_ERR_SUCCESS)
        return err_of_code(code, errno, ret_words);
    if (mosquitto_socket(s->mosquitto) < 0)
        return -EIO;
    *ret = TAKE(s);
    return 0;
}

int mqtt_session_fd(const struct mqtt_session *s)
{
    assert(s);
    return mosquitto_socket(s->mosquitto);
}

bool mqtt_session_wants_write(const struct mqtt_session *s)
{
    assert(s);
    return mosquitto_want_write(s->mosquitto);
}

/* TLS may have read more than it gave out: the socket would not tell of it. */
static bool has_more(const struct mqtt_session *s)
{
    SSL *ssl = mosquitto_ssl_get(s->mosquitto);
    return ssl && SSL_pending(ssl) > 0;
}

/* A connection that was refused before the first byte of TLS: libmosquitto passes that over, and
 * its socket would be ready for ever. Where it has taken the error off the socket itself, there is
 * only no peer any more. 0 or an errno. */
static int refusal(const struct mqtt_session *s)
{
    struct sockaddr_storage peer;
    socklen_t peer_len = sizeof(peer);
    int error = 0;
    socklen_t len = sizeof(error);
    int fd = mosquitto_socket(s->mosquitto);
    if (fd < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
        return 0;
    if (error == 0 && getpeername(fd, (struct sockaddr *)&peer, &peer_len) < 0)
        return ECONNREFUSED;
    return error;
}

int mqtt_session_step(struct mqtt_session *s, bool readable, bool writable, int *ret_reason,
                      char ret_words[MQTT_WORDS_SIZE])
{
    assert(s && ret_reason && ret_words);
    int code = MOSQ_ERR_SUCCESS;
    int refused = readable && !s->up ? refusal(s) : 0;
    if (refused != 0) {
        text_cut(ret_words, MQTT_WORDS_SIZE, strerror(refused));
        return -refused;
    }
    errno = 0;
    if (readable)
        code = mosquitto_loop_read(s->mosquitto, 1);
    for (int i = 0; readable && code == MOSQ_ERR_SUCCESS && i < STEPS_MAX && has_more(s); i++)
        code = mosquitto_loop_read(s->mosquitto, 1);
    if (code == MOSQ_ERR_SUCCESS && writable)
        code = mosquitto_loop_write(s->mosquitto, 1);
    if (code == MOSQ_ERR_SUCCESS)
        code = mosquitto_loop_misc(s->mosquitto);
    int saved = errno;
    if (s->end != 0) {
        *ret_reason = s->reason;
        text_cut(ret_words, MQTT_WORDS_SIZE,
                 s->reason ? mosquitto_reason_string(s->reason) : "the broker took no more");
        return s->end;
    }
    return code == MOSQ_ERR_SUCCESS ? 0 : err_of_code(code, saved, ret_words);
}

int mqtt_session_publish(struct mqtt_session *s, const char *topic, const void *bytes, size_t len,
                         bool retained, uint64_t token)
{
    assert(s && topic && (bytes || len == 0) && len <= MQTT_PAYLOAD_MAX);
    if (!s->up)
        return -ENOTCONN;
    struct flight *free_one = NULL;
    for (size_t i = 0; i < s->inflight && !free_one; i++)
        if (s->flights[i].mid == 0)
            free_one = &s->flights[i];
    if (!free_one)
        return -EAGAIN;
    int mid = 0;
    char words[MQTT_WORDS_SIZE];
    errno = 0;
    int code = mosquitto_publish_v5(s->mosquitto, &mid, topic, (int)len, bytes, 1, retained, NULL);
    if (code != MOSQ_ERR_SUCCESS)
        return err_of_code(code, errno, words);
    *free_one = (struct flight){mid, token};
    return 0;
}

int mqtt_session_unanswered(struct mqtt_session *s, uint64_t *ret_token)
{
    assert(s && ret_token);
    for (size_t i = 0; i < s->inflight; i++) {
        if (s->flights[i].mid == 0)
            continue;
        s->flights[i].mid = 0;
        *ret_token = s->flights[i].token;
        return 1;
    }
    return 0;
}

void mqtt_session_free(struct mqtt_session *s)
{
    if (!s)
        return;
    if (s->mosquitto && s->up && s->end == 0) {
        s->end = -EIO; /* no callback is to find a live session any more */
        mosquitto_disconnect_v5(s->mosquitto, MQTT_RC_DISCONNECT_WITH_WILL_MSG, NULL);
        mosquitto_loop_write(s->mosquitto, 1);
    }
    if (s->mosquitto)
        mosquitto_destroy(s->mosquitto);
    for (int i = 0; i < s->filters_count; i++)
        free(s->filters[i]);
    free(s);
}
