/* SPDX-License-Identifier: Apache-2.0 */
#include "dead_stock.h"

#include <assert.h>
#include <errno.h>

#define MILLI 1000
#define SCORE_MAX 100
#define VELOCITY_MAX 1e15 /* milli-units a day; more counts as this */

const char *dead_stock_status_name(enum dead_stock_status status)
{
    switch (status) {
    case DEAD_STOCK_ACTIVE:
        return "active";
    case DEAD_STOCK_SLOW_MOVING:
        return "slow_moving";
    case DEAD_STOCK_DEAD:
        return "dead";
    case DEAD_STOCK_LIQUIDATING:
        return "liquidating";
    }
    return "unknown";
}

struct dead_stock_terms dead_stock_terms_default(void)
{
    return (struct dead_stock_terms){
        .grace_days = 30,
        .slow_days = 45,
        .dead_days = 90,
        .dead_velocity_milli = 100,
        .recovered_velocity_milli = 300,
        .window_days = 30,
        .slow_share_permille = 500,
        .brisk_share_permille = 800,
        .weight = {40, 20, 40},
    };
}

int dead_stock_terms_check(const struct dead_stock_terms *t)
{
    assert(t);
    unsigned sum = 0;
    for (unsigned f = 0; f < DEAD_STOCK_FACTORS; f++)
        sum += t->weight[f];
    bool in_order = t->slow_days <= t->dead_days &&
                    t->dead_velocity_milli < t->recovered_velocity_milli &&
                    t->slow_share_permille < t->brisk_share_permille;
    if (sum != SCORE_MAX || !in_order || t->dead_days == 0 || t->window_days == 0 ||
        t->dead_velocity_milli < 0)
        return -EINVAL;
    return 0;
}

/* Mean of y[from..to) a day, by 1000. */
static int64_t velocity(const double *y, uint32_t from, uint32_t to)
{
    double sum = 0;
    for (uint32_t t = from; t < to; t++)
        sum += y[t];
    double milli = to > from ? sum * MILLI / (to - from) : 0;
    return (int64_t)(milli < VELOCITY_MAX ? milli + 0.5 : VELOCITY_MAX);
}

struct dead_stock_movement dead_stock_movement(const double *y, uint32_t n, uint32_t window_days)
{
    assert(window_days > 0 && (n == 0 || y));
    struct dead_stock_movement m = {.age_days = n, .earlier_milli = -1};
    while (m.idle_days < n && !(y[n - 1 - m.idle_days] > 0))
        m.idle_days++;
    uint32_t window = n < window_days ? n : window_days;
    m.velocity_milli = velocity(y, n - window, n);
    if (n - window >= window_days)
        m.earlier_milli = velocity(y, n - window - window_days, n - window);
    return m;
}

static bool counts(const struct dead_stock_facts *f, const struct dead_stock_terms *t)
{
    return f->on_hand_units > 0 && f->movement.age_days >= t->grace_days;
}

bool dead_stock_meets_thresholds(const struct dead_stock_facts *f,
                                 const struct dead_stock_terms *terms)
{
    assert(f && terms);
    return counts(f, terms) && f->movement.idle_days >= terms->dead_days &&
           f->movement.velocity_milli <= terms->dead_velocity_milli;
}

/* Whether the velocity lies below that share of the window before. Without one it does not. */
static bool below_share(const struct dead_stock_movement *m, uint32_t permille)
{
    return m->earlier_milli > 0 && /* in floats: shares of large velocities overflow */
           (double)m->velocity_milli * MILLI < (double)m->earlier_milli * permille;
}

static bool slow(enum dead_stock_status before, const struct dead_stock_movement *m,
                 const struct dead_stock_terms *t)
{
    bool was_slow = before == DEAD_STOCK_SLOW_MOVING;
    return m->idle_days >= t->slow_days ||
           below_share(m, was_slow ? t->brisk_share_permille : t->slow_share_permille);
}

static bool recovered(const struct dead_stock_movement *m, const struct dead_stock_terms *t)
{
    return m->velocity_milli >= t->recovered_velocity_milli && m->idle_days < t->slow_days;
}

struct dead_stock_step dead_stock_next(struct dead_stock_state before,
                                       const struct dead_stock_facts *f,
                                       const struct dead_stock_terms *terms)
{
    assert(f && terms);
    struct dead_stock_step step = {0};
    bool dead = dead_stock_meets_thresholds(f, terms);
    bool over = f->on_hand_units <= 0 || recovered(&f->movement, terms);
    step.state.in_episode = dead || (before.in_episode && !over);
    if (step.state.in_episode != before.in_episode)
        step.event = dead ? DEAD_STOCK_DETECTED : DEAD_STOCK_ENDED;

    if (step.state.in_episode && f->liquidating)
        step.state.status = DEAD_STOCK_LIQUIDATING;
    else if (dead)
        step.state.status = DEAD_STOCK_DEAD;
    else if (step.state.in_episode ||
             (counts(f, terms) && slow(before.status, &f->movement, terms)))
        step.state.status = DEAD_STOCK_SLOW_MOVING;
    return step;
}

struct dead_stock_score dead_stock_score(const struct dead_stock_facts *f,
                                         const struct dead_stock_terms *terms)
{
    assert(f && terms && terms->dead_days > 0);
    struct dead_stock_score s = {0};
    if (!counts(f, terms))
        return s;

    const struct dead_stock_movement *m = &f->movement;
    uint64_t idle = m->idle_days < terms->dead_days ? m->idle_days : terms->dead_days;
    uint64_t no_sale = f->no_sale_permille < MILLI ? f->no_sale_permille : MILLI;
    /* All of it while dead-slow, nothing once as fast as a recovered item, evenly between. */
    int64_t slowest = terms->dead_velocity_milli;
    int64_t span = terms->recovered_velocity_milli - slowest;
    int64_t above = m->velocity_milli - slowest;
    double share = above <= 0 ? 1 : above >= span ? 0 : (double)(span - above) / (double)span;

    s.factor[DEAD_STOCK_IDLE] = (uint8_t)(terms->weight[DEAD_STOCK_IDLE] * idle / terms->dead_days);
    s.factor[DEAD_STOCK_VELOCITY] = (uint8_t)(terms->weight[DEAD_STOCK_VELOCITY] * share);
    s.factor[DEAD_STOCK_NO_SALE] = (uint8_t)(terms->weight[DEAD_STOCK_NO_SALE] * no_sale / MILLI);
    for (unsigned i = 0; i < DEAD_STOCK_FACTORS; i++)
        s.score = (uint8_t)(s.score + s.factor[i]);
    return s;
}
