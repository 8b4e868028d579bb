#include "statement_cases.hpp"

using namespace pgtool;
using namespace pgtool::test;

namespace {

const RegisteredStatement cases[] = {
    RegisteredStatement({"concurrently-in-transaction", "a wrapped file", Severity::error,
                         "create index concurrently i on a (b)", "", true}),
    RegisteredStatement({"concurrently-in-transaction", "by itself", std::nullopt,
                         "create index concurrently i on a (b)"}),
    RegisteredStatement({"concurrently-in-transaction", "behind COMMIT", std::nullopt,
                         "begin; select 1; commit; drop index concurrently i"}),
    RegisteredStatement({"concurrently-in-transaction", "VACUUM behind BEGIN", Severity::error,
                         "begin; vacuum a; commit"}),
    RegisteredStatement({"concurrently-unsupported-form", "two at once", Severity::error,
                         "drop index concurrently i, j"}),
    RegisteredStatement({"concurrently-unsupported-form", "on a partitioned table", Severity::error,
                         "create index concurrently i on a (b)",
                         "create table a (b int) partition by range (b)"}),
    RegisteredStatement(
        {"concurrently-unsupported-form", "one", std::nullopt, "drop index concurrently i"}),
    RegisteredStatement({"concurrently-if-not-exists-invalid", "a failed try may have left it",
                         Severity::warning, "create index concurrently if not exists i on a (b)"}),
    RegisteredStatement({"concurrently-if-not-exists-invalid", "dropped before", std::nullopt,
                         "drop index concurrently if exists i; create index concurrently if not "
                         "exists i on a (b)"}),
    RegisteredStatement({"add-column-not-null-no-default", "rows would hold NULL", Severity::error,
                         "alter table a add b int not null"}),
    RegisteredStatement({"add-column-not-null-no-default", "with a default", std::nullopt,
                         "alter table a add b int not null default 1"}),
    RegisteredStatement(
        {"add-column-not-null-no-default", "a table that is new here", std::nullopt,
         "create table a (id int primary key, b int, c text); alter table a add d int not null"}),
    RegisteredStatement({"partitioned-fk-not-valid", "a partitioned table", Severity::error,
                         "alter table a add constraint c foreign key (b) references d not valid",
                         "create table a (b int) partition by range (b)"}),
    RegisteredStatement({"partitioned-fk-not-valid", "since PostgreSQL 18", std::nullopt,
                         "alter table a add constraint c foreign key (b) references d not valid",
                         "create table a (b int) partition by range (b)", false, "unknown", 18}),
    RegisteredStatement({"enum-add-value-in-transaction", "used at once", Severity::error,
                         "alter type t add value 'x'; insert into a values ('x')", "", true}),
    RegisteredStatement({"enum-add-value-in-transaction", "not used", std::nullopt,
                         "alter type t add value 'x'", "", true}),
    RegisteredStatement({"enum-add-value-in-transaction", "before PostgreSQL 12", Severity::error,
                         "alter type t add value 'x'", "", true, "unknown", 11}),
    RegisteredStatement(
        {"invalid-syntax-or-unsupported", "no SQL", Severity::warning, "select from where"}),
    RegisteredStatement({"invalid-syntax-or-unsupported", "a placeholder of Django", std::nullopt,
                         "select * from a where b = %s"}),
};

} // namespace
