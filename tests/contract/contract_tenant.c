/* SPDX-License-Identifier: GPL-3.0-or-later */
/* No statement returns or changes a row of another tenant, whatever it forgets or claims: generated
 * attempts of one tenant at the rows of another, on every engine. */
#include "sql_steps.h"

#include <ctype.h>
#include <strings.h>

#include "rng.h"

#define ATTEMPTS 1500
#define SEED 20260714
#define MARK "secret" /* stands in every text of the other tenant's rows */

/* ---- statements */

/* "=" words are chosen from the table of that letter, again and again until none is left. */
struct choice {
    char letter;
    const char *const *words;
    size_t n;
};

static const char *const statements[] = {
    "SELECT =s FROM =t WHERE =w",
    "SELECT =s FROM =t WHERE =w ORDER BY 1",
    "SELECT =s FROM =t AS a WHERE EXISTS (SELECT 1 FROM =t WHERE =w)",
    "SELECT =s FROM =t WHERE =w UNION ALL SELECT =s FROM =t WHERE =w",
    "SELECT max(tenant) FROM =t WHERE =w",
    "SELECT a.tenant FROM position AS a LEFT JOIN position AS b ON a.tenant <> b.tenant",
    "UPDATE =t SET =u WHERE =w",
    "UPDATE =t SET =u WHERE =w RETURNING =s",
    "DELETE FROM =t WHERE =w",
    "DELETE FROM =t WHERE =w RETURNING =s",
    "DELETE FROM =t",
    "UPDATE =t SET tenant = 'tb'",
    "=i =c",
    "=i =c RETURNING tenant",
    "=j =c",
};
static const char *const selections[] = {"tenant", "consumer", "source", "tenant", "source"};
static const char *const tables[] = {"position"};
static const char *const conditions[] = {
    "=p", "=p", "=p AND =p", "=p OR =p", "NOT (=p)", "tenant IN (SELECT tenant FROM =t WHERE =p)",
};
static const char *const predicates[] = {
    "1 = 1",
    "tenant = 'tb'",
    "tenant <> 'ta'",
    "tenant IN ('ta', 'tb')",
    "consumer = '" MARK "'",
    "source = '" MARK "'",
    "seq >= 0",
    "tenant > ''",
    "lower(tenant) = 'tb'",
    "coalesce(tenant, 'tb') = 'tb'",
    "tenant = (SELECT max(tenant) FROM position)",
};
static const char *const settings[] = {
    "seq = 666",
    "tenant = 'tb'",
    "tenant = 'tb', seq = 666",
    "source = tenant",
    "consumer = '" MARK "', source = '" MARK "'",
};
static const char *const inserts[] = {
    "INSERT INTO position(tenant, consumer, source, seq) VALUES('tb', '" MARK "', '" MARK "', 666)",
    "INSERT INTO position(tenant, consumer, source, seq) VALUES('tb', 'new', 'new', 666)",
    "INSERT INTO position(consumer, source, seq) VALUES('" MARK "', '" MARK "', 666)",
    "INSERT INTO position(tenant, consumer, source, seq) VALUES('TB', 'new', 'new', 666)",
    "INSERT INTO position(tenant, consumer, source, seq) VALUES(NULL, 'new', 'new', 666)",
    "INSERT INTO position(tenant, consumer, source, seq) VALUES('*', 'new', 'new', 666)",
};
/* WHERE true: SQLite would take ON for a join's. */
static const char *const copies[] = {
    "INSERT INTO position(tenant, consumer, source, seq)"
    " SELECT 'tb', consumer, source, 666 FROM position WHERE true",
    "INSERT INTO position(tenant, consumer, source, seq)"
    " SELECT tenant, source, consumer, 666 FROM position WHERE =w",
};
static const char *const conflicts[] = {
    "",
    "ON CONFLICT (tenant, consumer, source) DO NOTHING",
    "ON CONFLICT (tenant, consumer, source) DO UPDATE SET seq = 666",
    "ON CONFLICT (tenant, consumer, source) DO UPDATE SET tenant = 'tb', seq = 666",
    "ON CONFLICT DO NOTHING",
};
static const struct choice choices[] = {
    {'s', selections, ARRAY_LEN(selections)}, {'t', tables, ARRAY_LEN(tables)},
    {'w', conditions, ARRAY_LEN(conditions)}, {'p', predicates, ARRAY_LEN(predicates)},
    {'u', settings, ARRAY_LEN(settings)},     {'i', inserts, ARRAY_LEN(inserts)},
    {'j', copies, ARRAY_LEN(copies)},         {'c', conflicts, ARRAY_LEN(conflicts)},
};

static const struct choice *choice_of(char letter)
{
    for (size_t i = 0; i < ARRAY_LEN(choices); i++)
        if (choices[i].letter == letter)
            return &choices[i];
    return NULL;
}

/* Replaces the first "=letter" of text; 0 when there is none. */
static int replace_one(struct rng *r, char *text, size_t size)
{
    for (char *at = strchr(text, '='); at; at = strchr(at + 1, '=')) {
        const struct choice *c = islower((unsigned char)at[1]) ? choice_of(at[1]) : NULL;
        if (!c)
            continue;
        char rest[2048];
        snprintf(rest, sizeof(rest), "%s", at + 2);
        int room = (int)(size - (size_t)(at - text));
        snprintf(at, (size_t)room, "%s%s", c->words[rng_below(r, c->n)], rest);
        return 1;
    }
    return 0;
}

/* ---- the two tenants */

static void fill(struct sql *s, const char *text)
{
    relay_begin(s, SQL_WRITE);
    AUTO(sql_query) all = sql_query(s, "DELETE FROM position");
    assert_int_equal(sql_run(all), 0);
    assert_int_equal(put(s, text, text, 1), 0);
    assert_int_equal(put(s, text, "second", 2), 0);
    assert_int_equal(put(s, "shared", "shared", 3), 0);
    relay_commit(s);
}

/* A text of every row, so that a change of any column is seen. */
static void picture(struct sql *s, char *out, size_t size)
{
    out[0] = '\0';
    relay_begin(s, SQL_READ);
    AUTO(sql_query)
    q = sql_query(s,
                  "SELECT tenant, consumer, source, seq FROM position ORDER BY consumer, source");
    while (sql_step(q) == 1) {
        size_t len = strlen(out);
        snprintf(out + len, size - len, "%s %s %s %d\n", sql_text(q, 0), sql_text(q, 1),
                 sql_text(q, 2), (int)sql_int(q, 3));
    }
    sql_rollback(s);
}

/* Runs it, and commits what it did: what does harm is then there to be seen. */
static void attempt(struct sql *s, const char *text)
{
    relay_begin(s, SQL_WRITE);
    AUTO(sql_query) q = sql_query(s, text);
    int got = sql_step(q);
    while (got > 0) {
        const char *found = sql_text(q, 0);
        if (strcmp(found, "tb") == 0 || strstr(found, MARK "!"))
            fail_msg("%s\n    shows \"%s\"", text, found);
        got = sql_step(q);
    }
    if (got < 0)
        sql_rollback(s);
    else
        relay_commit(s);
}

static void no_generated_statement_reaches_another_tenant(void **state)
{
    AUTO(sql) ours = relay_open(*state, "ta");
    AUTO(sql) other = relay_open(*state, "tb");
    fill(other, MARK "!");
    char before[1024];
    char after[1024];
    picture(other, before, sizeof(before));
    struct rng r = rng_seed(SEED);
    size_t worked = 0;
    /* Texts stay: their addresses are keys of the connection. */
    static char texts[2 * ATTEMPTS][2048];
    static size_t used;
    for (size_t i = 0; i < ATTEMPTS; i++) {
        char *text = texts[used++];
        snprintf(text, sizeof(texts[0]), "%s", statements[rng_below(&r, ARRAY_LEN(statements))]);
        while (replace_one(&r, text, sizeof(texts[0])))
            continue;
        if (i % 8 == 0)
            fill(ours, MARK);
        attempt(ours, text);
        picture(other, after, sizeof(after));
        if (strcmp(before, after) != 0)
            fail_msg("seed %d, attempt %zu: %s\n    made\n%s    of\n%s", SEED, i, text, after,
                     before);
        picture(ours, after, sizeof(after));
        worked += after[0] != '\0';
    }
    assert_true(worked > ATTEMPTS / 4); /* not all of them were wrong SQL */
}

static void a_row_of_another_tenant_is_eperm(void **state)
{
    static const char *const texts[] = {
        "INSERT INTO position(tenant, consumer, source, seq) VALUES('tb', 'a', 'b', 1)",
        "UPDATE position SET tenant = 'tb'",
        ("INSERT INTO position(consumer, source, seq) VALUES('mine', 'mine', 1)"
         " ON CONFLICT (tenant, consumer, source) DO UPDATE SET tenant = 'tb'"),
    };
    AUTO(sql) s = relay_open(*state, "eperm");
    relay_begin(s, SQL_WRITE);
    assert_int_equal(put(s, "mine", "mine", 1), 0);
    relay_commit(s);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        relay_begin(s, SQL_WRITE);
        AUTO(sql_query) q = sql_query(s, texts[i]);
        assert_int_equal(sql_run(q), -EPERM);
    }
}

/* Every table, also one that a later migration brings: its rows are bound to the tenant. */
static void every_table_is_bound_to_its_tenant(void **state)
{
    static const char sqlite[] =
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " AND instr(sql, 'CHECK(tenant = ''bound'')') = 0";
    static const char postgres[] =
        "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'relay_owner'::regnamespace"
        " AND c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)";
    static const char count_sqlite[] = "SELECT count(*) FROM sqlite_schema WHERE type = 'table'";
    static const char count_postgres[] =
        "SELECT count(*) FROM pg_policies WHERE schemaname = 'relay_owner' AND policyname = 'own'"
        " AND qual = '(tenant = current_setting(''relay.tenant''::text))' AND with_check = qual";
    AUTO(sql) s = relay_open(*state, "bound");
    const struct relay_case *b = *state;
    bool is_sqlite = strcmp(b->engine, "sqlite") == 0;
    relay_begin(s, SQL_READ);
    AUTO(sql_query) loose = sql_query(s, is_sqlite ? sqlite : postgres);
    if (sql_step(loose) != 0)
        fail_msg("the rows of table %s are nobody's", sql_text(loose, 0));
    AUTO(sql_query) tables_q = sql_query(s, is_sqlite ? count_sqlite : count_postgres);
    assert_int_equal(sql_step(tables_q), 1);
    assert_in_range(sql_int(tables_q, 0), 41, 1000);
}

/* ---- every table, by what is done to its rows */

#define TABLES_MAX 200
#define NAME_SIZE 64

static size_t table_names(struct sql *s, bool is_sqlite, char ret[TABLES_MAX][NAME_SIZE])
{
    static const char sqlite[] = "SELECT name FROM sqlite_schema WHERE type = 'table'"
                                 " AND name NOT LIKE 'sqlite_%' ORDER BY name";
    static const char postgres[] =
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " AND a.attname = 'tenant' WHERE c.relnamespace = 'relay_owner'::regnamespace"
        " AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
        " AND has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE') ORDER BY 1";
    size_t n = 0;
    relay_begin(s, SQL_READ);
    AUTO(sql_query) q = sql_query(s, is_sqlite ? sqlite : postgres);
    while (sql_step(q) == 1) {
        assert_true(n < TABLES_MAX);
        snprintf(ret[n++], NAME_SIZE, "%s", sql_text(q, 0));
    }
    sql_rollback(s);
    return n;
}

/* Columns without a default, in both engines, with a value of their type each: a row of it. */
static void describe_row(struct sql *s, bool is_sqlite, const char *table, char *columns,
                         char *values, size_t size)
{
    static const char sqlite[] = "SELECT name, type FROM pragma_table_info($1)"
                                 " WHERE dflt_value IS NULL AND name <> 'tenant'";
    static const char postgres[] =
        "SELECT a.attname, format_type(a.atttypid, NULL) FROM pg_attribute a"
        " WHERE a.attrelid = ('relay_owner.' || $1)::regclass AND a.attnum > 0"
        " AND NOT a.attisdropped AND NOT a.atthasdef AND a.attname <> 'tenant'";
    columns[0] = values[0] = '\0';
    relay_begin(s, SQL_READ);
    AUTO(sql_query) q = sql_query(s, is_sqlite ? sqlite : postgres);
    sql_bind_text(q, 1, table);
    while (sql_step(q) == 1) {
        const char *type = sql_text(q, 1);
        bool bytes = strcasecmp(type, "blob") == 0 || strcasecmp(type, "bytea") == 0;
        const char *value = strcasecmp(type, "bigint") == 0 ? "7"
                            : !bytes                        ? "'" MARK "'"
                            : is_sqlite                     ? "x'00'"
                                                            : "'\\x00'";
        size_t c = strlen(columns);
        size_t v = strlen(values);
        snprintf(columns + c, size - c, ", %s", sql_text(q, 0));
        snprintf(values + v, size - v, ", %s", value);
    }
    sql_rollback(s);
}

/* The first number that a statement gives, or its negative errno. */
static int64_t run_text(struct sql *s, const char *text)
{
    relay_begin(s, SQL_WRITE);
    AUTO(sql_query) q = sql_query(s, text);
    int got = sql_step(q);
    int64_t n = got == 1 ? sql_int(q, 0) : got;
    if (got < 0)
        sql_rollback(s);
    else
        relay_commit(s);
    return n;
}

static void no_table_gives_or_takes_a_row_of_another_tenant(void **state)
{
    static const char *const forms[] = {
        "SELECT count(*) FROM @ WHERE tenant = 'tz'",
        "WITH gone AS (SELECT 1 FROM @ WHERE tenant <> 'ty') SELECT count(*) FROM gone",
        "UPDATE @ SET tenant = 'ty' WHERE tenant = 'tz'",
        "UPDATE @ SET tenant = 'tz'",
        "DELETE FROM @ WHERE tenant = 'tz'",
        "DELETE FROM @",
    };
    static char names[TABLES_MAX][NAME_SIZE];
    static char texts[TABLES_MAX][ARRAY_LEN(forms) + 2][4096]; /* addresses are keys */
    bool is_sqlite = strcmp(relay_case_of(state)->engine, "sqlite") == 0;
    AUTO(sql) ours = relay_open(*state, "ty");
    AUTO(sql) other = relay_open(*state, "tz");
    size_t n = table_names(other, is_sqlite, names);
    assert_in_range(n, 41, TABLES_MAX);
    size_t filled = 0;
    for (size_t i = 0; i < n; i++) {
        char columns[1500];
        char values[1500];
        describe_row(other, is_sqlite, names[i], columns, values, sizeof(columns));
        char *put_theirs = texts[i][ARRAY_LEN(forms)];
        snprintf(put_theirs, sizeof(texts[i][0]), "INSERT INTO %.*s(tenant%s) VALUES('tz'%s)",
                 NAME_SIZE, names[i], columns, values);
        int64_t put_own = run_text(other, put_theirs);
        assert_true(run_text(ours, put_theirs) < 0); /* a row in another's name */
        char *count = texts[i][ARRAY_LEN(forms) + 1];
        snprintf(count, sizeof(texts[i][0]), "SELECT count(*) FROM %.*s", NAME_SIZE, names[i]);
        int64_t before = run_text(other, count);
        for (size_t f = 0; f < ARRAY_LEN(forms); f++) {
            const char *at = strchr(forms[f], '@');
            snprintf(texts[i][f], sizeof(texts[i][f]), "%.*s%.*s%s", (int)(at - forms[f]), forms[f],
                     NAME_SIZE, names[i], at + 1);
            if (run_text(ours, texts[i][f]) > 0)
                fail_msg("%s: gives something", texts[i][f]);
            if (run_text(other, count) != before)
                fail_msg("%s: took something", texts[i][f]);
        }
        filled += put_own == 0 && before > 0;
    }
    assert_true(filled * 10 >= n * 9); /* a row to be seen, but where a table wants more of one */
}

static void a_partition_is_no_way_around(void **state)
{
    if (strcmp(relay_case_of(state)->engine, "postgres") != 0)
        skip(); /* SQLite has none */
    AUTO(sql) ours = relay_open(*state, "ta");
    AUTO(sql) other = relay_open(*state, "tb");
    relay_begin(other, SQL_WRITE);
    AUTO(sql_query)
    q = sql_query(other,
                  "INSERT INTO demand(site, sku, day, units, returned) VALUES($1, $1, 0, 0, 0)"
                  " ON CONFLICT DO NOTHING");
    sql_bind_text(q, 1, MARK);
    assert_int_equal(sql_run(q), 0);
    relay_commit(other);
    static const char *const texts[] = {
        ("SELECT site FROM demand_00 UNION ALL SELECT site FROM demand_01"
         " UNION ALL SELECT site FROM demand_02 UNION ALL SELECT site FROM demand_03"),
        "SELECT site FROM ONLY demand",
        "SELECT site FROM demand",
        "SELECT tenant FROM tenant_register WHERE tenant <> 'ta'",
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        relay_begin(ours, SQL_READ);
        AUTO(sql_query) look = sql_query(ours, texts[i]);
        assert_int_equal(sql_step(look), 0);
    }
}

static const struct CMUnitTest promises[] = {
    cmocka_unit_test(no_generated_statement_reaches_another_tenant),
    cmocka_unit_test(a_row_of_another_tenant_is_eperm),
    cmocka_unit_test(every_table_is_bound_to_its_tenant),
    cmocka_unit_test(no_table_gives_or_takes_a_row_of_another_tenant),
    cmocka_unit_test(a_partition_is_no_way_around),
};

int main(void)
{
    return relay_cases_run("tenant", promises, ARRAY_LEN(promises));
}
