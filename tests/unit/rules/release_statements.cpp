#include "statement_cases.hpp"

using namespace pgtool;
using namespace pgtool::test;

namespace {

constexpr auto error = Severity::error;
constexpr auto warning = Severity::warning;

const RegisteredStatement columns[] = {
    RegisteredStatement({"rename-column", "a column that the old release selects", error,
                         "alter table shop_order rename column total to amount"}),
    RegisteredStatement({"rename-column", "a table that is new here", std::nullopt,
                         "create table a (b int); alter table a rename b to c"}),
    RegisteredStatement({"rename-column", "a table of an earlier release", error,
                         "alter table a rename b to c", "create table a (b int)"}),
    RegisteredStatement({"rename-column", "a view has the old names in the same transaction",
                         std::nullopt,
                         "begin; alter table a rename to base; alter table base rename b to c; "
                         "create view a as select c as b from base; commit"}),
    RegisteredStatement({"rename-column", "another column has the old name at once", std::nullopt,
                         "begin; alter table a rename b to b_old; "
                         "alter table a rename b_new to b; commit"}),
    RegisteredStatement({"rename-column", "another column has the old name a moment later", error,
                         "alter table a rename b to b_old; alter table a rename b_new to b"}),
    RegisteredStatement({"rename-column", "a name that it got a moment before", error,
                         "alter table a rename b to c; alter table a rename c to d"}),
    RegisteredStatement({"drop-column", "a column that the old release selects", error,
                         "alter table shop_order drop column total cascade"}),
    RegisteredStatement({"drop-column", "one that was added here", std::nullopt,
                         "alter table a add b int; alter table a drop column b"}),
    RegisteredStatement({"drop-column", "of a temporary table", std::nullopt,
                         "create temp table a (b int, c int); alter table a drop c"}),
    RegisteredStatement({"drop-not-null", "a column may hold NULL", Severity::info,
                         "alter table shop_order alter total drop not null"}),
    RegisteredStatement({"drop-not-null", "of a table that is new here", std::nullopt,
                         "create table a (b int not null); alter table a alter b drop not null"}),
    RegisteredStatement({"drop-not-null", "only until the transaction ends", std::nullopt,
                         "alter table a alter b drop not null; alter table a alter b set not null",
                         "", true}),
};

constexpr auto dropped = "add-required-column-default-dropped";

const RegisteredStatement defaults[] = {
    RegisteredStatement({dropped, "what Django sends for default= alone", error,
                         "alter table shop_order add column kind int default 1 not null; "
                         "alter table shop_order alter column kind drop default",
                         "", true}),
    RegisteredStatement({dropped, "NOT NULL that comes later", error,
                         "alter table a add b int default 1; alter table a alter b set not null; "
                         "alter table a alter b drop default"}),
    RegisteredStatement({dropped, "a default that stays", std::nullopt,
                         "alter table a add b int default 1 not null"}),
    RegisteredStatement({dropped, "a column that may be NULL", std::nullopt,
                         "alter table a add b int default 1; alter table a alter b drop default"}),
    RegisteredStatement({dropped, "of another column", std::nullopt,
                         "alter table a add b int default 1 not null; "
                         "alter table a alter c drop default"}),
    RegisteredStatement({dropped, "another default takes its place", std::nullopt,
                         "alter table a add b int default 1 not null; alter table a alter b drop "
                         "default; alter table a alter b set default 2"}),
    RegisteredStatement({dropped, "a table that is new here", std::nullopt,
                         "create table a (id int); alter table a add b int default 1 not null; "
                         "alter table a alter b drop default"}),
};

const RegisteredStatement names[] = {
    RegisteredStatement({"rename-table", "a table that the old release asks for", error,
                         "alter table shop_order rename to orders"}),
    RegisteredStatement({"rename-table", "a view stays behind in the same transaction",
                         std::nullopt,
                         "begin; alter table a rename to b; create view a as select * from b; "
                         "commit"}),
    RegisteredStatement({"rename-table", "a view stays behind, in the runner's transaction",
                         std::nullopt,
                         "alter table a rename to b; create view a as select * from b", "", true}),
    RegisteredStatement({"rename-table", "the view comes when others have failed by then", error,
                         "alter table a rename to b; create view a as select * from b"}),
    RegisteredStatement({"rename-table", "two tables change places", std::nullopt,
                         "begin; alter table a rename to a_old; alter table a_new rename to a; "
                         "commit"}),
    RegisteredStatement({"rename-table", "a table that is new here", std::nullopt,
                         "create table a (b int); alter table a rename to c"}),
    RegisteredStatement({"rename-table", "an index has a name of its own", std::nullopt,
                         "alter index a_b_idx rename to a_b"}),
    RegisteredStatement({"rename-table", "a constraint has a name of its own", std::nullopt,
                         "alter table a rename constraint b to c"}),
    RegisteredStatement({"rename-enum-value", "a value that the old release writes", error,
                         "alter type mood rename value 'sad' to 'blue'"}),
    RegisteredStatement({"rename-enum-value", "a type that is new here", std::nullopt,
                         "create type mood as enum ('sad'); "
                         "alter type mood rename value 'sad' to 'blue'"}),
    RegisteredStatement({"rename-enum-value", "a value that is added", std::nullopt,
                         "alter type mood add value 'blue'"}),
    RegisteredStatement(
        {"rename-schema", "a schema that roles name", error, "alter schema shop rename to store"}),
    RegisteredStatement({"rename-schema", "one that is new here", std::nullopt,
                         "create schema shop; alter schema shop rename to store"}),
    RegisteredStatement({"rename-schema", "of an earlier release", error,
                         "alter schema shop rename to store", "create schema shop"}),
    RegisteredStatement({"move-table-schema", "a table leaves its schema", error,
                         "alter table public.shop_order set schema shop"}),
    RegisteredStatement({"move-table-schema", "a view stays behind", std::nullopt,
                         "begin; alter table public.a set schema shop; "
                         "create view public.a as select * from shop.a; commit"}),
    RegisteredStatement({"move-table-schema", "a table that is new here", std::nullopt,
                         "create table a (b int); alter table a set schema shop"}),
    RegisteredStatement(
        {"move-table-schema", "a function", std::nullopt, "alter function f(int) set schema shop"}),
};

const RegisteredStatement objects[] = {
    RegisteredStatement({"drop-view", "a view that may be read", warning, "drop view report"}),
    RegisteredStatement({"drop-view", "the second of two", warning,
                         "create view a as select 1; drop view a, report"}),
    RegisteredStatement({"drop-view", "a function that a trigger may call", warning,
                         "drop function if exists f(int)"}),
    RegisteredStatement({"drop-view", "an extension", warning, "drop extension hstore cascade"}),
    RegisteredStatement({"drop-view", "a view that was made here", std::nullopt,
                         "create view a as select 1; drop view a"}),
    RegisteredStatement({"drop-view", "a view that may have been there", warning,
                         "create or replace view a as select 1; drop view a"}),
    RegisteredStatement({"drop-view", "a function that is made again in the same transaction",
                         std::nullopt,
                         "begin; drop function f(int); create function f(bigint) returns int "
                         "language sql as 'select 1'; commit"}),
    RegisteredStatement({"drop-view", "a view that is made again a moment later", warning,
                         "drop view a; create view a as select 1"}),
    RegisteredStatement({"drop-view", "a materialized view that is made again", std::nullopt,
                         "drop materialized view a; create materialized view a as select 1", "",
                         true}),
    RegisteredStatement({"drop-view", "a materialized view that is made again a moment later",
                         warning,
                         "drop materialized view a; create materialized view a as select 1"}),
    RegisteredStatement({"drop-view", "an enum that is made again", std::nullopt,
                         "drop type mood; create type mood as enum ('sad')", "", true}),
    RegisteredStatement({"drop-view", "a trigger is no object of its own", std::nullopt,
                         "drop trigger t on shop_order"}),
};

} // namespace
