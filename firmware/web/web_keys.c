/* SPDX-License-Identifier: Apache-2.0 */
#include "web_keys.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct web_key *find(struct web_keys *k, const char *key)
{
    for (size_t i = 0; i < WEB_KEYS_MAX; i++) {
        if (k->places[i].key[0] != '\0' && strcmp(k->places[i].key, key) == 0)
            return &k->places[i];
    }
    return NULL;
}

static void clear(struct web_key *place)
{
    free(place->json);
    *place = (struct web_key){.json = NULL};
}

int web_keys_begin(struct web_keys *k, const char *key, const char *post, const char *command,
                   int64_t now_mono_ms, const char **ret_json)
{
    assert(k && key && post && command && ret_json);

    struct web_key *known = find(k, key);
    if (known && now_mono_ms - known->began_mono_ms >= WEB_KEYS_MS) {
        clear(known);
        known = NULL;
    }
    if (known && (strcmp(known->post, post) != 0 || strcmp(known->command, command) != 0))
        return -EEXIST;
    if (known && !known->json)
        return -EINPROGRESS;
    if (known) {
        *ret_json = known->json;
        return 1;
    }
    struct web_key *place = &k->places[k->next];
    k->next = (k->next + 1) % WEB_KEYS_MAX;
    clear(place);
    snprintf(place->key, sizeof(place->key), "%s", key);
    snprintf(place->post, sizeof(place->post), "%s", post);
    snprintf(place->command, sizeof(place->command), "%s", command);
    place->began_mono_ms = now_mono_ms;
    return 0;
}

void web_keys_end(struct web_keys *k, const char *key, const char *json)
{
    assert(k && key);
    struct web_key *place = find(k, key);
    if (!place) /* many newer ones pushed it out */
        return;
    char *copy = json ? strdup(json) : NULL;
    if (!copy) {
        clear(place);
        return;
    }
    free(place->json);
    place->json = copy;
}

void web_keys_clear(struct web_keys *k)
{
    assert(k);
    for (size_t i = 0; i < WEB_KEYS_MAX; i++)
        clear(&k->places[i]);
}
