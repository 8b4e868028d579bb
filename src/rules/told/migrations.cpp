#include "rules/all_rules.hpp"
#include "rules/told/listed.hpp"

namespace pgtool {
namespace {

// What detect, migrate and check find in the databases themselves.
constexpr Rule rules[] = {
    {.slug = "forced-user",
     .area = Area::both,
     .grades = always(Severity::warning),
     .summary = "The pooler logs in as another role than the alias",
     .why = "What is created directly would belong to another role than what is created through "
            "the pool.",
     .remedy = "name a direct URL with the pooler's user"},
    {.slug = "pair-not-compared",
     .area = Area::both,
     .grades = always(Severity::warning),
     .summary = "The direct endpoint could not be compared with the pooled one",
     .why = "It was taken because it was named; nobody proved that it is the same database.",
     .remedy = "make the pooler reachable, or compare the system identifiers"},
    {.slug = "unknown-alias",
     .area = Area::django,
     .grades = always(Severity::warning),
     .summary = "pgtool.yaml names an alias that the project does not have",
     .why = "A misspelt name leaves its direct URL unused.",
     .remedy = "correct the name"},
    {.slug = "lock-not-had",
     .area = Area::database,
     .grades = always(Severity::warning),
     .summary = "A migration was applied although a lock could not be waited for",
     .why = "Others waited behind it.",
     .remedy = "look at what held the table"},
    {.slug = "invalid-index",
     .area = Area::database,
     .grades = always(Severity::warning),
     .summary = "An index is invalid",
     .why = "A concurrent build that failed leaves one: no query uses it, each write keeps it up, "
            "and IF NOT EXISTS takes it for the real one.",
     .remedy = "DROP INDEX CONCURRENTLY, then build it again"},
    {.slug = "constraint-not-valid",
     .area = Area::database,
     .grades = always(Severity::info),
     .summary = "A constraint was never validated",
     .why = "Rows from before it may break it, and the planner does not rely on it.",
     .remedy = "ALTER TABLE … VALIDATE CONSTRAINT"},
    {.slug = "phantom-table",
     .area = Area::database,
     .grades = always(Severity::warning),
     .summary = "A table stands in several schemas of the path",
     .why = "Sessions with another path use another one: what is written through the pool is "
            "missed directly. A lost search_path makes them.",
     .remedy = "look which one has the rows, then drop the other; pgtool schema-move sets the path "
               "on the role"},
    {.slug = "second-django-migrations",
     .area = Area::database,
     .grades = always(Severity::warning),
     .summary = "There is a second django_migrations",
     .why = "A migrate with another path finds other tables and applies everything again.",
     .remedy = "compare the two before you drop one"},
    {.slug = "no-create-privilege",
     .area = Area::database,
     .grades = always(Severity::warning),
     .summary = "The role may not create in its schema",
     .why = "CreateModel and indexes will fail.",
     .remedy = "GRANT CREATE ON SCHEMA"},
    {.slug = "schema-missing",
     .area = Area::database,
     .grades = always(Severity::warning),
     .summary = "The path names a schema that does not exist",
     .why = "What is created goes to the next one on the path.",
     .remedy = "CREATE SCHEMA, or take it off the path"},
    {.slug = "advisory-lock-stranded",
     .area = Area::database,
     .grades = always(Severity::warning),
     .summary = "A session of the pool holds an advisory lock",
     .why = "Whoever took it cannot free it: its next transaction has another session. The next "
            "one that wants it waits until the session ends.",
     .remedy = "end the session; take session locks on the direct endpoint only, or use "
               "pg_advisory_xact_lock"},
    {.slug = "conflicting-migrations",
     .area = Area::django,
     .grades = always(Severity::error),
     .summary = "An app has several last migrations",
     .why = "migrate refuses to run.",
     .remedy = "manage.py makemigrations --merge"},
    {.slug = "unrecorded-migration",
     .area = Area::database,
     .grades = always(Severity::warning),
     .summary = "A migration is not recorded, but all that it makes is there",
     .why = "Applying it would fail: a run was killed, or it was done by hand.",
     .remedy = "pgtool migrate --fake"},
    {.slug = "sequence-behind",
     .area = Area::database,
     .grades = always(Severity::warning),
     .summary = "A sequence is behind its column",
     .why = "The next inserts fail with duplicate keys: rows were loaded with their ids.",
     .remedy = "SELECT setval(…)"},
    {.slug = "cached-plans",
     .area = Area::both,
     .grades = always(Severity::warning),
     .summary = "Pooled sessions keep plans of tables that have changed",
     .why = "cached plan must not change result type, until those sessions are renewed.",
     .remedy = "pgtool migrate --reconnect-pooler"},
    {.slug = "disk-short",
     .area = Area::database,
     .grades = always(Severity::warning),
     .summary = "A plan may need more disk than is free",
     .why = "A rewrite or an index is built beside the old one.",
     .remedy = "make room before the deploy"},
};

} // namespace

RuleList rules_of_migrations() {
  static const auto list = listed(rules);
  return list;
}

} // namespace pgtool
