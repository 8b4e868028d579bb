#include "statement_cases.hpp"

using namespace pgtool;
using namespace pgtool::test;

namespace {

constexpr auto error = Severity::error;
constexpr auto warning = Severity::warning;

const RegisteredStatement drops[] = {
    RegisteredStatement({"drop-table", "a table with rows", error, "drop table shop_order"}),
    RegisteredStatement({"drop-table", "the second of two", error,
                         "create table a (b int); drop table a, shop_order"}),
    RegisteredStatement({"drop-table", "a table that was made here", std::nullopt,
                         "create table a (b int); drop table a"}),
    RegisteredStatement({"drop-table", "a table of an earlier release", error, "drop table a",
                         "create table a (b int)"}),
    RegisteredStatement({"drop-table", "a temporary table", std::nullopt,
                         "create temp table a (b int); drop table if exists a"}),
    RegisteredStatement({"drop-table", "a view has no rows", std::nullopt, "drop view a"}),
    RegisteredStatement(
        {"drop-schema", "a schema with all in it", error, "drop schema shop cascade"}),
    RegisteredStatement({"drop-schema", "a schema that was made here", std::nullopt,
                         "create schema shop; drop schema shop"}),
    RegisteredStatement({"drop-schema", "one that may have been there", error,
                         "create schema if not exists shop; drop schema shop"}),
    RegisteredStatement({"drop-database", "a database", error, "drop database shop"}),
    RegisteredStatement(
        {"drop-database", "a database that is made", std::nullopt, "create database shop"}),
};

const RegisteredStatement rows[] = {
    RegisteredStatement({"truncate", "a table with rows", error, "truncate shop_order"}),
    RegisteredStatement(
        {"truncate", "the second of two", error, "create table a (b int); truncate a, shop_order"}),
    RegisteredStatement({"truncate", "a table that was made here", std::nullopt,
                         "create table a (b int); truncate a"}),
    RegisteredStatement({"truncate", "with CASCADE another rule speaks", std::nullopt,
                         "truncate shop_order cascade"}),
    RegisteredStatement(
        {"truncate-cascade", "a table that others refer to", error, "truncate shop_order cascade"}),
    RegisteredStatement(
        {"truncate-cascade", "without CASCADE", std::nullopt, "truncate shop_order"}),
    RegisteredStatement({"truncate-cascade", "a table that was made here", std::nullopt,
                         "create table a (b int); truncate a cascade"}),
    RegisteredStatement({"delete-without-where", "every row", error, "delete from shop_order"}),
    RegisteredStatement({"delete-without-where", "a condition that always holds", error,
                         "delete from shop_order where true"}),
    RegisteredStatement({"delete-without-where", "inside of WITH", error,
                         "with gone as (delete from shop_order returning *) select * from gone"}),
    RegisteredStatement({"delete-without-where", "some rows", std::nullopt,
                         "delete from shop_order where id < 10"}),
    RegisteredStatement({"delete-without-where", "a table that was made here", std::nullopt,
                         "create table a (b int); delete from a"}),
    RegisteredStatement({"delete-without-where", "what a function will do", std::nullopt,
                         "create function f() returns void language sql as 'delete from a'"}),
    RegisteredStatement(
        {"update-without-where", "every row", warning, "update shop_order set total = 0"}),
    RegisteredStatement({"update-without-where", "inside of a DO block", warning,
                         "do $$ begin update shop_order set total = 0; end $$"}),
    RegisteredStatement({"update-without-where", "some rows", std::nullopt,
                         "update shop_order set total = 0 where id between 1 and 1000"}),
    RegisteredStatement({"update-without-where", "a temporary table", std::nullopt,
                         "create temp table a (b int); update a set b = 1"}),
};

const RegisteredStatement triggers[] = {
    RegisteredStatement({"disable-trigger", "foreign keys are not checked", warning,
                         "alter table shop_order disable trigger all"}),
    RegisteredStatement({"disable-trigger", "others write before it is on again", warning,
                         "alter table a disable trigger t; alter table a enable trigger t"}),
    RegisteredStatement({"disable-trigger", "its lock is held until it is on again", std::nullopt,
                         "begin; alter table a disable trigger t; update a set b = 1 where c = 2; "
                         "alter table a enable trigger t; commit"}),
    RegisteredStatement({"disable-trigger", "another one is on again", warning,
                         "begin; alter table a disable trigger t; "
                         "alter table a enable trigger u; commit"}),
    RegisteredStatement({"disable-trigger", "only the user's are on again", warning,
                         "alter table a disable trigger all; alter table a enable trigger user", "",
                         true}),
    RegisteredStatement({"disable-trigger", "all are on again", std::nullopt,
                         "alter table a disable trigger t; alter table a enable trigger all", "",
                         true}),
};

constexpr auto safe_not_null =
    "alter table a add constraint a_b_there check (b is not null) not valid; "
    "alter table a validate constraint a_b_there; alter table a alter b set not null;";

const RegisteredStatement constraints[] = {
    RegisteredStatement({"drop-constraint", "a constraint that the old release relies on", warning,
                         "alter table shop_order drop constraint total_is_positive"}),
    RegisteredStatement({"drop-constraint", "of a table that was made here", std::nullopt,
                         "create table a (b int, constraint c check (b > 0)); "
                         "alter table a drop constraint c"}),
    RegisteredStatement({"drop-constraint", "the helper of a safe NOT NULL", std::nullopt,
                         std::string(safe_not_null) + "alter table a drop constraint a_b_there"}),
    RegisteredStatement({"drop-constraint", "the helper that an earlier file left", std::nullopt,
                         "alter table a drop constraint a_b_there", safe_not_null}),
    RegisteredStatement({"drop-constraint", "a helper that nobody knows", std::nullopt,
                         "alter table a alter b set not null; "
                         "alter table a drop constraint a_b_there"}),
    RegisteredStatement({"drop-constraint", "a check that was not yet turned into NOT NULL",
                         warning, "alter table a drop constraint c",
                         "alter table a add constraint c check (b is not null)"}),
    RegisteredStatement({"drop-constraint", "a foreign key beside a NOT NULL", warning,
                         "alter table a alter b set not null; alter table a drop constraint c",
                         "alter table a add constraint c foreign key (b) references t"}),
    RegisteredStatement({"drop-constraint", "replaced in the same statement", std::nullopt,
                         "alter table a drop constraint c, add constraint c check (b > 1) not "
                         "valid"}),
    RegisteredStatement({"drop-constraint", "replaced in the same transaction", std::nullopt,
                         "begin; alter table a drop constraint c; alter table a add constraint c "
                         "check (b > 1) not valid; commit"}),
    RegisteredStatement({"drop-constraint", "replaced by one that takes its name", std::nullopt,
                         "begin; alter table a drop constraint c; "
                         "alter table a rename constraint c_new to c; commit"}),
    RegisteredStatement({"drop-constraint", "replaced a moment later", warning,
                         "alter table a drop constraint c; "
                         "alter table a add constraint c check (b > 1) not valid"}),
    RegisteredStatement({"drop-constraint", "what Django sends before it drops the column",
                         std::nullopt,
                         "alter table a drop constraint a_customer_id_1f_fk_customer_id; "
                         "alter table a drop column customer_id cascade"}),
};

const RegisteredStatement more_constraints[] = {
    RegisteredStatement({"drop-constraint", "another one guards the same columns", std::nullopt,
                         "begin; alter table a drop constraint c; "
                         "alter table a add constraint d unique (y, x); commit",
                         "alter table a add constraint c unique (x, y)"}),
    RegisteredStatement({"drop-constraint", "another one guards other columns", warning,
                         "begin; alter table a drop constraint c; "
                         "alter table a add constraint d unique (y, z); commit",
                         "alter table a add constraint c unique (x, y)"}),
    RegisteredStatement({"drop-constraint", "its column is renamed on the way", std::nullopt,
                         "begin; alter table a drop constraint c; alter table a rename x to y; "
                         "alter table a add constraint d foreign key (y) references t; commit",
                         "alter table a add constraint c foreign key (x) references t"}),
    RegisteredStatement({"drop-constraint", "Django's foreign key under its newer name",
                         std::nullopt,
                         "begin; alter table a drop constraint a_customer_id_fk_customer; "
                         "alter table a alter customer_id type bigint; alter table a add "
                         "constraint a_customer_id_1f_fk foreign key (customer_id) references t; "
                         "commit"}),
    RegisteredStatement({"drop-constraint", "Django's foreign key of a renamed column",
                         std::nullopt,
                         "begin; alter table a drop constraint a_buyer_id_1f_fk; alter table a "
                         "rename buyer_id to customer_id; alter table a add constraint "
                         "a_customer_id_2f_fk foreign key (customer_id) references t; commit"}),
    RegisteredStatement({"drop-constraint", "a check of the same column says another thing",
                         warning,
                         "begin; alter table a drop constraint c; "
                         "alter table a add constraint d check (b > 1); commit",
                         "alter table a add constraint c check (b > 0)"}),
    RegisteredStatement({"drop-constraint", "beside a column with the end of its name", warning,
                         "alter table a drop constraint a_total_positive; "
                         "alter table a drop column pos"}),
};

const RegisteredStatement code[] = {
    RegisteredStatement({"opaque-dynamic-sql", "a text that is built", warning,
                         "do $$ begin execute 'drop table ' || 'a'; end $$"}),
    RegisteredStatement({"opaque-dynamic-sql", "a text that is put together by format()", warning,
                         "do $$ begin execute format('drop table %I', tg_name); end $$"}),
    RegisteredStatement({"opaque-dynamic-sql", "a text that stands there", std::nullopt,
                         "do $$ begin execute 'select 1'; end $$"}),
    RegisteredStatement(
        {"opaque-dynamic-sql", "a file that psql includes", warning, "\\i other.sql\nselect 1;"}),
    RegisteredStatement({"opaque-dynamic-sql", "another command of psql", std::nullopt,
                         "\\set ON_ERROR_STOP on\nselect 1;"}),
};

} // namespace
