/* SPDX-License-Identifier: Apache-2.0 */
#include "session.h"

#include <assert.h>
#include <crypt.h>
#include <string.h>

#include "flow.h"
#include "text.h"
#include "words.h"

bool session_pin_right(const struct catalogue_worker *worker, const char *pin)
{
    if (worker->pin_hash[0] == '\0')
        return false;
    struct crypt_data work = {0};
    const char *hash = crypt_r(pin, worker->pin_hash, &work);
    bool right = false;
    if (hash && hash[0] != '*') { /* libcrypt's mark of a setting it does not know */
        size_t len = strlen(hash);
        unsigned differ = len != strlen(worker->pin_hash);
        for (size_t i = 0; i < len && !differ; i++)
            differ |= (unsigned char)(hash[i] ^ worker->pin_hash[i]);
        right = !differ;
    }
    explicit_bzero(&work, sizeof(work));
    return right;
}

bool session_idle(const struct post *p, int64_t sign_out_ms, int64_t now_mono_ms)
{
    return p->worker[0] && sign_out_ms > 0 && now_mono_ms - p->active_mono_ms > sign_out_ms;
}

void session_end(struct step *s, const char *reason)
{
    struct post *p = s->post;
    assert(p->worker[0]);
    struct entry *e = step_add(s, ENTRY_SIGNED_OUT, false);
    text_cut(e->reason, sizeof(e->reason), reason);
    memcpy(p->left, p->worker, sizeof(p->left));
    memset(p->worker, 0, sizeof(p->worker));
    memset(p->worker_name, 0, sizeof(p->worker_name));
    p->role = 0;
    p->last_seq = 0; /* undo is for who booked */
    p->recent_count = 0;
}

static void begin(struct step *s, const struct catalogue_worker *worker)
{
    struct post *p = s->post;
    if (p->worker[0])
        session_end(s, "relieved");
    if (strcmp(p->left, worker->worker) != 0)
        post_enter(p, NULL);
    text_cut(p->worker, sizeof(p->worker), worker->worker);
    text_cut(p->worker_name, sizeof(p->worker_name), worker->name);
    if (worker->language[0])
        text_cut(p->language, sizeof(p->language), worker->language);
    p->role = worker->role;
    memset(p->candidate, 0, sizeof(p->candidate));
    memset(p->left, 0, sizeof(p->left));
    (void)step_add(s, ENTRY_SIGNED_IN, false);
    step_say(s, TONE_ACCEPT, "signed_in", p->worker_name, NULL);
}

static void say_wait(struct step *s, int64_t wait_ms)
{
    char seconds[STATION_ARG_SIZE];
    step_say(s, TONE_REJECT, "pin_wait", words_number((wait_ms + 999) / 1000, seconds), NULL);
}

static int show_badge(struct step *s, const struct pin_guard *guard, const char *code)
{
    struct post *p = s->post;
    struct catalogue_worker worker;
    int found = master_worker(s->journal, code, &worker);
    if (found < 0)
        return found;
    if (found == 0) {
        step_say(s, TONE_REJECT, "unknown_worker", NULL);
        return 1;
    }
    if (strcmp(p->worker, worker.worker) == 0) {
        step_say(s, TONE_NOTED, "signed_in_already", p->worker_name, NULL);
        return 1;
    }
    if (p->worker[0] && p->work.draft.has_product) {
        step_say(s, TONE_REJECT, "finish_first", NULL);
        return 1;
    }
    if (!s->conf->pin_required) {
        begin(s, &worker);
        return 1;
    }
    int64_t wait = pin_guard_wait_ms(guard, worker.worker, s->time.mono_ms);
    if (wait > 0) {
        say_wait(s, wait);
        return 1;
    }
    text_cut(p->candidate, sizeof(p->candidate), worker.worker);
    if (!p->worker[0] && worker.language[0])
        text_cut(p->language, sizeof(p->language), worker.language);
    step_say(s, TONE_NOTED, "pin_wanted", worker.name, NULL);
    return 1;
}

static int try_pin(struct step *s, struct pin_guard *guard, const char *pin)
{
    struct post *p = s->post;
    if (!p->candidate[0]) {
        step_say(s, TONE_REJECT, "badge_first", NULL);
        return 1;
    }
    struct catalogue_worker worker;
    int found = master_worker(s->journal, p->candidate, &worker);
    if (found < 0)
        return found;
    int64_t wait = pin_guard_wait_ms(guard, p->candidate, s->time.mono_ms);
    if (wait > 0) { /* the hash is not even computed: waiting must cost the guesser, not us */
        say_wait(s, wait);
        return 1;
    }
    if (found > 0 && session_pin_right(&worker, pin)) {
        pin_guard_right(guard, p->candidate);
        begin(s, &worker);
        return 1;
    }
    pin_guard_wrong(guard, p->candidate, s->time.mono_ms);
    struct entry *e = step_add(s, ENTRY_REFUSED, false);
    memcpy(e->worker, p->candidate, sizeof(e->worker));
    text_cut(e->reason, sizeof(e->reason), "wrong_pin");
    wait = pin_guard_wait_ms(guard, p->candidate, s->time.mono_ms);
    if (wait > 0) {
        memset(p->candidate, 0, sizeof(p->candidate));
        say_wait(s, wait);
    } else {
        step_say(s, TONE_REJECT, "wrong_pin", NULL);
    }
    return 1;
}

static int set_language(struct step *s, const char *language)
{
    if (strcmp(language, "en") != 0 && strcmp(language, "hi") != 0) {
        step_say(s, TONE_REJECT, "command_argument", NULL);
        return 1;
    }
    text_cut(s->post->language, sizeof(s->post->language), language);
    step_say(s, TONE_NOTED, "language_set", NULL);
    return 1;
}

int session_command(struct step *s, struct pin_guard *guard, const struct command *c)
{
    struct post *p = s->post;
    if (c->verb == VERB_WORKER)
        return show_badge(s, guard, c->text);
    if (c->verb == VERB_PIN)
        return try_pin(s, guard, c->text);
    if (c->verb == VERB_LANGUAGE)
        return set_language(s, c->text);
    if (c->verb == VERB_CANCEL && p->candidate[0]) {
        memset(p->candidate, 0, sizeof(p->candidate));
        step_say(s, TONE_NOTED, "cancelled", NULL);
        return 1;
    }
    if (c->verb != VERB_SIGN_OUT)
        return 0;
    if (!p->worker[0]) {
        step_say(s, TONE_REJECT, "sign_in_first", NULL);
        return 1;
    }
    session_end(s, "by_word");
    memset(p->left, 0, sizeof(p->left)); /* said on purpose: nothing waits for a return */
    post_enter(p, NULL);
    step_say(s, TONE_ACCEPT, "signed_out", NULL);
    return 1;
}

void session_view(const struct step *s, struct station_view *v)
{
    const struct post *p = s->post;
    if (!p->candidate[0]) {
        view_prompt(v, "scan_badge", NULL);
        view_choice(v, "language:hi", false, false, "language_hi", NULL);
        view_choice(v, "language:en", false, false, "language_en", NULL);
        view_keypad(v, KEYPAD_TEXT, "worker:");
        return;
    }
    view_prompt(v, "type_pin", NULL);
    view_keypad(v, KEYPAD_PIN, "pin:");
    view_choice(v, "cancel", false, false, "cancel", NULL);
}
