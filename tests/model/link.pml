/* SPDX-License-Identifier: Apache-2.0 */
/* The link under an adversary: appliance, relay, and a network that drops, doubles and reorders
 * both ways; power cuts, a relay that crashes between commit and acknowledgement, a restored
 * backup, a swapped storage. tests/model/run checks it, and that each planted fault is found.
 *
 *   process here    stands for
 *   appliance       sync/link/uplink.c; each step is named after its function
 *   relay           sync/link/intake.c, and the transaction of cloud-relay/ingest
 *   adversary       all that can go wrong, each within a budget, so that it ends
 *
 * With LACKING, batches may need the entries before them, and the relay may say at any time that it
 * lacks those; also always.
 *
 * floor is the first entry that is left; the appliance's row of it (firmware/journal/floor.h) and
 * HELLO's member are one less. syncd tells stationd what is deletable later than it knows it, and only
 * what a session has proven (shipper_secured): both delete less than here.
 *
 * With LANE, the appliance may tell entries ahead of their turn (uplink_noticed), in any order
 * against its batches. The relay keeps them beside its rows, an agent raises an alert, and when the
 * entry comes it is held against what was told, taken out, and the alert is known. Every entry
 * stands for one that alerts. I1 to I7 hold as without; besides, I8: nothing that the watermark has
 * passed is kept ahead, what was told is what came, and an entry raises one alert.
 *
 * What is left out: times (patience ends when nothing is under way any more, or, within a budget,
 * too early), the window's size and batch sizes above 2, schema and quota (they only stop).
 * An entry is its number and the life of the storage that wrote it; a chain's head is told from
 * another by that life, as two lives share no hash (chain_genesis).
 *
 * I1 an entry is stored at most once. I2 wm = k means 1..k are stored. I3 acknowledged <= wm.
 * I4 floor - 1 <= safe <= wm, and the relay never asks for what was deleted. I5 what counts as
 * acknowledged is what this storage wrote. I6 one chain at the relay is one chain at a device.
 * I7 all is acknowledged in the end. I3 and I5 cannot hold between the restore of a backup and the
 * first RESUME after it: an acknowledgement from before may come even after one of the restored
 * relay. (What is deleted hangs on safe alone, which holds throughout.) `told` counts the restores
 * before the session's RESUME. */

#ifndef ENTRIES
#define ENTRIES 3 /* a life of the storage writes */
#endif
#ifndef LOSSES
#define LOSSES 1 /* messages dropped, relay crashes included */
#endif
#ifndef DOUBLES
#define DOUBLES 1
#endif
#ifndef CUTS
#define CUTS 1 /* power cuts */
#endif
#ifndef HASTES
#define HASTES 1 /* times that patience ends too early, or the link goes down and up */
#endif
#ifndef RESTORES
#define RESTORES 1
#endif
#ifndef SWAPS
#define SWAPS 1 /* losses of storage */
#endif
#ifndef BACKUPS
#define BACKUPS 1
#endif
#ifndef NOTICES
#define NOTICES 2 /* entries told ahead of their turn */
#endif
#define LIVES (SWAPS + 2) /* lives and epochs count from 1 */
#define SLOTS 2           /* messages under way in each direction; one more is lost */

mtype = { NONE, HELLO, BATCH, RESUME, ACK, GAP, FORK, NOTICE };
mtype = { GREET, GREETED, OPEN, HALTED };

typedef message {
    mtype kind = NONE;
    byte s;     /* session */
    byte epoch; /* upward */
    byte life;  /* upward: the chain at head, or at the batch */
    byte a;     /* HELLO head; BATCH first; NOTICE the entry; else wm */
    byte b;     /* HELLO floor; BATCH last; else safe */
    byte told;  /* downward: restores so far; BATCH: 1 when it needs the entries before it */
};
/* Upward in slots 0 and 1, downward in 2 and 3. */
#define UP 0
#define DOWN SLOTS
message net[2 * SLOTS];

/* The appliance. Durable: */
byte epoch = 1, life = 1, head = 0, floor = 1, sessions = 0;
/* of one run: */
mtype phase = GREET;
byte s = 0, acked = 0, safe = 0, next = 1;
bool turned = false; /* one gap a session turns back */
byte turned_wm = 0;
byte told = 0;
byte known = 1; /* shipper.c: the first entry that a batch may be foreseen from */

/* The relay's rows, one an epoch. Durable: */
byte wm[LIVES], row_s[LIVES], row_life[LIVES];
byte stored[LIVES]; /* bit k - 1: entry k */
/* its last good backup, which is what safe says: */
byte kept_wm[LIVES], kept_s[LIVES], kept_stored[LIVES];
byte restored = 0; /* how often */
#ifdef LANE
byte early[LIVES], early_life[LIVES]; /* entries told ahead, as bits, and by which life */
byte raised[LIVES];                   /* entries whose alert was raised */
byte kept_early[LIVES], kept_raised[LIVES];
byte notices = NOTICES;
#endif
/* ACK_BEFORE_COMMIT only: what was acknowledged and not yet committed */
byte late_epoch = 0, late_last = 0;

byte losses = LOSSES, doubles = DOUBLES, cuts = CUTS, hastes = HASTES;
byte restores = RESTORES, swaps = SWAPS, backups = BACKUPS;
bool calm = false; /* the adversary has had enough */

#define FREE(way) (net[way].kind == NONE || net[way + 1].kind == NONE)
#define QUIET (net[UP].kind == NONE && net[DOWN].kind == NONE && late_epoch == 0)
#define ALL(k) ((1 << (k)) - 1)
#define LESS(x, y) ((x) < (y) -> (x) : (y))
#define SYNCED (head == ENTRIES && acked == head && told == restored && phase == OPEN)

/* Messages stand in the first slots; which one is taken next is anyone's choice, so that order
 * means nothing. */
inline put(way, what, session, journal, chain, low, high, restores_)
{
    i = (net[way].kind == NONE -> way : way + 1);
    if
    :: net[i].kind == NONE ->
        net[i].kind = what; net[i].s = session; net[i].epoch = journal; net[i].life = chain;
        net[i].a = low; net[i].b = high; net[i].told = restores_
    :: else
    fi;
    i = 0
}

inline move(to, from)
{
    net[to].kind = net[from].kind; net[to].s = net[from].s; net[to].epoch = net[from].epoch;
    net[to].life = net[from].life; net[to].a = net[from].a; net[to].b = net[from].b;
    net[to].told = net[from].told
}

inline wipe(way, slot)
{
    if
    :: slot == 0 -> move(way, way + 1)
    :: else
    fi;
    net[way + 1].kind = NONE; net[way + 1].s = 0; net[way + 1].epoch = 0; net[way + 1].life = 0;
    net[way + 1].a = 0; net[way + 1].b = 0; net[way + 1].told = 0
}

inline check()
{
    assert(stored[epoch] == ALL(wm[epoch])); /* I2 */
    assert(told != restored || acked <= wm[epoch]); /* I3 */
    assert(floor - 1 <= kept_wm[epoch] && kept_wm[epoch] <= wm[epoch]); /* I4 */
#ifndef WITHOUT_I5 /* to show that a fault which breaks it breaks I6 too */
    assert(told != restored || acked == 0 || row_life[epoch] == life); /* I5 */
#endif
#ifdef LANE
    assert((early[epoch] & ALL(wm[epoch])) == 0); /* I8 */
#endif
    assert(phase != HALTED) /* no alarm without a cause */
}

/* --- the appliance */

inline greet()
{
    phase = GREET;
    next = acked + 1
}

/* uplink_link_up() and a HELLO of a new session; uplink_sent() */
inline send_hello()
{
    sessions++;
    s = sessions;
    put(UP, HELLO, s, epoch, life, head, floor, 0);
    phase = GREETED
}

inline send_batch(last)
{
#ifdef LACKING
    put(UP, BATCH, s, epoch, life, next, last, (next > known -> 1 : 0));
#else
    put(UP, BATCH, s, epoch, life, next, last, 0);
#endif
    next = last + 1;
#ifdef TRUST_PUBACK
    acked = last;
#endif
    skip
}

inline settle(x)
{
    acked = net[x].a;
    safe = net[x].b
}

inline uplink_resume(x)
{
    if
#ifdef STALE_RESUME
    :: phase == GREETED || phase == OPEN ->
#else
    :: phase == GREETED && net[x].s == s ->
#endif
        assert(net[x].a + 1 >= floor); /* I4: it never asks for what was deleted */
        if
        :: net[x].a > head -> phase = HALTED
        :: else ->
            settle(x);
            told = net[x].told;
            phase = OPEN;
            next = acked + 1;
            turned = false; turned_wm = 0
        fi
    :: else
    fi
}

inline uplink_ack(x)
{
    if
    :: phase == OPEN && net[x].s == s && net[x].a >= acked ->
        if
        :: net[x].a > head -> phase = HALTED
        :: else ->
            net[x].b = (net[x].b > safe -> net[x].b : safe);
            settle(x);
            next = (next > acked -> next : acked + 1)
        fi
    :: else
    fi
}

inline uplink_nack_gap(x)
{
    if
    :: phase == OPEN && net[x].s == s && !(turned && turned_wm == net[x].a) ->
        if
        :: net[x].a > head -> phase = HALTED
        :: net[x].a <= head && net[x].a < acked -> greet()
        :: else ->
            net[x].b = safe;
            settle(x);
            next = acked + 1;
            turned = true; turned_wm = acked
        fi
    :: else
    fi
}

#ifdef LACKING
/* note_known() */
inline note_known(x)
{
    if
#ifndef KEEP_CONTEXT
    :: net[x].s == s && net[x].kind == GAP -> known = net[x].a + 1
#endif
    :: net[x].s == s && net[x].kind == RESUME && net[x].a + 1 < known -> known = net[x].a + 1
    :: else
    fi
}
#endif

inline hear(x)
{
#ifdef LACKING
    note_known(x);
#endif
    if
    :: net[x].kind == RESUME -> uplink_resume(x)
    :: net[x].kind == ACK -> uplink_ack(x)
    :: net[x].kind == GAP -> uplink_nack_gap(x)
    :: net[x].kind == FORK ->
        if
        :: (phase == GREETED || phase == OPEN) && net[x].s == s -> phase = HALTED
        :: else
        fi
    fi
}

#ifdef DELETE_AT_ACK
#define DELETABLE acked
#else
#define DELETABLE LESS(safe, acked) /* uplink_deletable() */
#endif

active proctype appliance()
{
    byte i;
end:
    do
    :: d_step { head < ENTRIES -> head++; check() } /* uplink_appended() */
    :: d_step { floor <= DELETABLE -> floor++; check() } /* uplink_trimmed() */

    /* uplink_next(): UPLINK_HELLO, at first, and when its RESUME does not come */
    :: d_step { phase == GREET -> send_hello(); check() }
    :: d_step { phase == GREETED && QUIET -> send_hello(); check() }
    :: d_step { phase == GREETED && hastes > 0 && !calm -> hastes--; send_hello(); check() }

    /* uplink_next(): UPLINK_BATCH */
    :: d_step { phase == OPEN && next <= head -> send_batch(next); check() }
    :: d_step { phase == OPEN && next < head -> send_batch(next + 1); check() }

#ifdef LANE
    /* uplink_next(): UPLINK_NOTICE, for what is behind what goes next in its turn */
    :: d_step { phase == OPEN && head > acked + 1 && notices > 0 ->
        notices--; put(UP, NOTICE, s, epoch, life, head, head, 0); check() }
    :: d_step { phase == OPEN && head > acked + 2 && notices > 0 ->
        notices--; put(UP, NOTICE, s, epoch, life, acked + 2, acked + 2, 0); check() }
#endif

    /* uplink_next(): patience for an acknowledgement ends; the link is refreshed */
#ifndef NO_PATIENCE
    :: d_step { phase == OPEN && next - 1 > acked && QUIET -> greet() }
#endif
    :: d_step { phase == OPEN && next > head && QUIET && told != restored -> greet() }
    :: d_step { phase == OPEN && hastes > 0 && !calm -> hastes--; greet() }

    :: d_step { net[DOWN].kind != NONE -> hear(DOWN); wipe(DOWN, 0); check() }
    :: d_step { net[DOWN + 1].kind != NONE -> hear(DOWN + 1); wipe(DOWN, 1); check() }
    :: d_step { net[DOWN].kind != NONE && doubles > 0 && !calm -> doubles--; hear(DOWN); check() }
    od
}

/* --- the relay */

#ifdef LANE
/* An agent hears of entry k: the alert's id follows from the entry. */
inline alert(k)
{
    if
#ifndef ALERT_TWICE
    :: raised[e] & (1 << ((k) - 1))
#endif
    :: else ->
        assert(!(raised[e] & (1 << ((k) - 1)))); /* I8: one alert */
        raised[e] = raised[e] | (1 << ((k) - 1))
    fi
}

/* intake_keeps(), early_keep() */
inline take_notice(x)
{
    e = net[x].epoch;
    if
    :: net[x].a > wm[e] ->
        early[e] = early[e] | (1 << (net[x].a - 1));
        early_life[e] = net[x].life;
#ifdef OTHER_BYTES
        early_life[e]++;
#endif
#ifdef COUNT_EARLY
        wm[e] = net[x].a;
#endif
#ifdef FOLD_EARLY
        stored[e] = stored[e] | (1 << (net[x].a - 1));
#endif
        alert(net[x].a)
    :: else
    fi;
    e = 0
}

/* early_pass(), and the agents' turn at entry i */
inline pass(x)
{
    if
    :: early[e] & (1 << (i - 1)) ->
        assert(early_life[e] == net[x].life); /* I8: what was told is what came */
#ifndef NEVER_PASSED
        early[e] = early[e] & ~(1 << (i - 1))
#endif
    :: else
    fi;
    alert(i)
}
#endif

/* Entries i .. last of a batch in slot x are stored with the row, in one transaction. */
inline commit(x)
{
    do
    :: i <= last ->
        assert(!(stored[e] & (1 << (i - 1)))); /* I1 */
        stored[e] = stored[e] | (1 << (i - 1));
#ifdef LANE
        pass(x);
#endif
        i++
    :: else -> break
    od;
    assert(row_life[e] == 0 || row_life[e] == net[x].life); /* I6 */
    row_life[e] = net[x].life;
    wm[e] = (last > wm[e] -> last : wm[e]);
    row_s[e] = (net[x].s > row_s[e] -> net[x].s : row_s[e]);
    i = 0; last = 0
}

#ifdef NO_CHAIN
#define FORKED(x) false
#else
#define FORKED(x) (row_life[net[x].epoch] != 0 && row_life[net[x].epoch] != net[x].life)
#endif

/* intake_hello() */
inline answer_hello(x)
{
    e = net[x].epoch;
    if
    :: net[x].a == wm[e] && FORKED(x) -> put(DOWN, FORK, net[x].s, 0, 0, wm[e], 0, restored)
#ifndef KEEP_EPOCH /* with it, the swapped storage is to go unnoticed as long as it can */
    :: net[x].a < wm[e] && net[x].s > row_s[e] ->
        put(DOWN, FORK, net[x].s, 0, 0, wm[e], 0, restored)
#endif
    :: else -> put(DOWN, RESUME, net[x].s, 0, 0, wm[e], kept_wm[e], restored)
    fi;
    e = 0
}

/* intake_batch(), intake_chained(), intake_advance(), the commit, intake_ack_due() */
inline answer_batch(x)
{
    e = net[x].epoch;
    if
#ifdef LACKING /* its rows went, or it cannot make sense of them: known_journals.h */
    :: net[x].told == 1 -> put(DOWN, GAP, net[x].s, 0, 0, wm[e], 0, restored)
#endif
#ifndef NO_DEDUPE
    :: net[x].b <= wm[e] -> put(DOWN, ACK, net[x].s, 0, 0, wm[e], kept_wm[e], restored)
#endif
#ifndef ACCEPT_GAPS
    :: net[x].a > wm[e] + 1 -> put(DOWN, GAP, net[x].s, 0, 0, wm[e], 0, restored)
#endif
    :: else ->
        if
        :: FORKED(x) -> put(DOWN, FORK, net[x].s, 0, 0, wm[e], 0, restored)
        :: else ->
            i = net[x].a;
            last = net[x].b;
#if !defined(NO_DEDUPE) && !defined(ACCEPT_GAPS)
            i = wm[e] + 1; /* the overlap is trimmed */
#endif
            commit(x);
            put(DOWN, ACK, net[x].s, 0, 0, wm[e], kept_wm[e], restored)
        fi
    fi;
    e = 0
}

#ifdef ACK_BEFORE_COMMIT
inline answer_batch_early(x)
{
    e = net[x].epoch;
    if
    :: net[x].a <= wm[e] + 1 && net[x].b > wm[e] && late_epoch == 0 ->
        late_epoch = e; late_last = net[x].b;
        row_life[e] = net[x].life;
        put(DOWN, ACK, net[x].s, 0, 0, net[x].b, kept_wm[e], restored)
    :: else -> put(DOWN, GAP, net[x].s, 0, 0, wm[e], 0, restored)
    fi;
    e = 0
}
#define answer_batch answer_batch_early
#endif

inline serve(x)
{
    if
    :: net[x].kind == HELLO -> answer_hello(x)
    :: net[x].kind == BATCH -> answer_batch(x)
#ifdef LANE
    :: net[x].kind == NOTICE -> take_notice(x)
#endif
    fi
}

active proctype relay()
{
    byte i, e, last;
end:
    do
    :: d_step { net[UP].kind != NONE && FREE(DOWN) -> serve(UP); wipe(UP, 0); check() }
    :: d_step { net[UP + 1].kind != NONE && FREE(DOWN) -> serve(UP + 1); wipe(UP, 1); check() }
    :: d_step { net[UP].kind != NONE && FREE(DOWN) && doubles > 0 && !calm ->
        doubles--; serve(UP); check() }
#ifdef ACK_BEFORE_COMMIT
    :: d_step { late_epoch != 0 ->
        wm[late_epoch] = late_last; stored[late_epoch] = ALL(late_last);
        late_epoch = 0; late_last = 0; check() }
    :: d_step { late_epoch != 0 && losses > 0 && !calm -> /* a crash in between */
        losses--; late_epoch = 0; late_last = 0; check() }
#endif
    od
}

/* --- all that can go wrong */

active proctype adversary()
{
    byte e;
end:
    do
    :: d_step { !calm && losses > 0 && net[UP].kind != NONE -> losses--; wipe(UP, 0) }
    :: d_step { !calm && losses > 0 && net[UP + 1].kind != NONE -> losses--; wipe(UP, 1) }
    :: d_step { !calm && losses > 0 && net[DOWN].kind != NONE -> losses--; wipe(DOWN, 0) }
    :: d_step { !calm && losses > 0 && net[DOWN + 1].kind != NONE -> losses--; wipe(DOWN, 1) }

    /* A power cut: what was acknowledged is as last written down, at worst as far as deleted. */
    :: d_step { !calm && cuts > 0 ->
        cuts--; acked = floor - 1; safe = floor - 1; s = 0; turned = false; turned_wm = 0;
        known = 1;
        greet() }

    /* The storage is lost. Enrolment gives a new epoch, whose sessions are above all before
     * (uplink_first_boot). */
    :: d_step { !calm && swaps > 0 && head > 0 ->
        swaps--;
#ifndef KEEP_EPOCH
        epoch++;
#endif
        life++; head = 0; floor = 1; acked = 0; safe = 0; s = 0; turned = false; turned_wm = 0;
        known = 1;
        told = restored; /* nothing is acknowledged of the new life */
        greet() }

    /* A backup is made and verified: from then on safe may say so. */
    :: d_step { !calm && backups > 0 && wm[epoch] > kept_wm[epoch] ->
        backups--;
        kept_wm[epoch] = wm[epoch]; kept_s[epoch] = row_s[epoch];
        kept_stored[epoch] = stored[epoch];
#ifdef LANE
        kept_early[epoch] = early[epoch]; kept_raised[epoch] = raised[epoch]
#endif
        }

    /* The relay's disk is lost and the backup restored. */
    :: d_step { !calm && restores > 0 && wm[epoch] > kept_wm[epoch] ->
        restores--;
        e = 1;
        do
        :: e < LIVES ->
            wm[e] = kept_wm[e]; row_s[e] = kept_s[e]; stored[e] = kept_stored[e];
            row_life[e] = (wm[e] == 0 -> 0 : row_life[e]);
#ifdef LANE
            early[e] = kept_early[e]; raised[e] = kept_raised[e];
#endif
            e++
        :: else -> break
        od;
        e = 0; late_epoch = 0; late_last = 0;
        restored++ }

#ifdef LIVENESS /* a run may end before the budget does */
    :: d_step { !calm -> calm = true }
#endif
    od
}

ltl i7 { <> [] SYNCED }
