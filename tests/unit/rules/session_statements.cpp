#include "statement_cases.hpp"

using namespace pgtool;
using namespace pgtool::test;

namespace {

constexpr auto error = Severity::error;
constexpr auto warning = Severity::warning;

/// Through a pooler in transaction mode.
StatementCase shared(std::string slug, std::string name, std::optional<Severity> severity,
                     std::string sql, bool wrapped = false) {
  return {std::move(slug), std::move(name), severity, std::move(sql), "", wrapped, "transaction"};
}

StatementCase in_mode(std::string mode, std::string slug, std::optional<Severity> severity,
                      std::string sql) {
  return {std::move(slug), "pool mode " + mode, severity, std::move(sql), "",
          false,           std::move(mode)};
}

constexpr auto set = "session-set-under-pooler";
constexpr auto role = "set-role-under-pooler";

const RegisteredStatement settings[] = {
    RegisteredStatement(shared(set, "SET", error, "set lock_timeout = '2s'")),
    RegisteredStatement(shared(set, "SET SESSION", error, "set session search_path to shop")),
    RegisteredStatement(shared(set, "it stays after COMMIT", error,
                               "begin; set lock_timeout = '2s'; select 1; commit")),
    RegisteredStatement(shared(set, "and after the runner's", error, "set lock_timeout = 0", true)),
    RegisteredStatement(
        shared(set, "by set_config", error, "select set_config('search_path', '', false)")),
    RegisteredStatement(
        shared(set, "in a DO block", error, "do $$ begin set lock_timeout = 0; end $$")),
    RegisteredStatement(shared(set, "for all transactions to come", error,
                               "set session characteristics as transaction read only")),
    RegisteredStatement(shared(set, "reset where another session may be", error,
                               "set lock_timeout = 0; reset lock_timeout")),
    RegisteredStatement(in_mode("statement", set, error, "set lock_timeout = 0")),
    RegisteredStatement(in_mode("unknown", set, warning, "set lock_timeout = 0")),
    RegisteredStatement(in_mode("session", set, std::nullopt, "set lock_timeout = 0")),
    RegisteredStatement(in_mode("none", set, std::nullopt, "set lock_timeout = 0")),
    RegisteredStatement(shared(set, "SET LOCAL", std::nullopt,
                               "begin; set local lock_timeout = '2s'; select 1; commit")),
    RegisteredStatement(shared(set, "by set_config, until COMMIT", std::nullopt,
                               "begin; select set_config('search_path', '', true); commit")),
    RegisteredStatement(shared(set, "reset in the same transaction", std::nullopt,
                               "set lock_timeout = 0; select 1; reset lock_timeout", true)),
    RegisteredStatement(shared(set, "undone with its transaction", std::nullopt,
                               "begin; set lock_timeout = 0; select 1; rollback")),
    RegisteredStatement(
        shared(set, "RESET takes from others", Severity::error, "reset lock_timeout")),
    RegisteredStatement(shared(set, "SET and RESET in one transaction", std::nullopt,
                               "begin; set lock_timeout = '1s'; reset lock_timeout; commit")),
    RegisteredStatement(
        shared(set, "SET TRANSACTION", std::nullopt, "begin; set transaction read only; commit")),
    RegisteredStatement(
        shared(set, "SET CONSTRAINTS", std::nullopt, "set constraints all immediate", true)),
    RegisteredStatement(shared(set, "what poolers follow", std::nullopt,
                               "set time zone 'UTC'; set client_encoding to 'UTF8'; set datestyle "
                               "to iso; set application_name to 'a'; set names 'UTF8'")),
    RegisteredStatement(shared(set, "what a function will do", std::nullopt,
                               "create function f() returns int language sql set search_path = a "
                               "as 'select 1'")),
    RegisteredStatement(
        shared(set, "of a role", std::nullopt, "alter role a set lock_timeout = 1")),
    RegisteredStatement(shared(role, "SET ROLE", error, "set role shop_owner")),
    RegisteredStatement(shared(role, "it stays after COMMIT", error, "set role shop_owner", true)),
    RegisteredStatement(shared(role, "the session's own", error, "set session authorization shop")),
    RegisteredStatement(
        shared(role, "by set_config", error, "select set_config('role', 'shop', false)")),
    RegisteredStatement(shared(role, "SET LOCAL ROLE", std::nullopt, "set local role shop", true)),
    RegisteredStatement(shared(role, "RESET ROLE", std::nullopt, "reset role; set role none")),
    RegisteredStatement(shared(role, "reset in the same transaction", std::nullopt,
                               "set role shop; select 1; reset role", true)),
    RegisteredStatement(in_mode("session", role, std::nullopt, "set role shop")),
};

constexpr auto lock = "session-advisory-lock-under-pooler";
constexpr auto temporary = "temp-table-under-pooler";

const RegisteredStatement kept[] = {
    RegisteredStatement(shared(lock, "a lock", error, "select pg_advisory_lock(1)")),
    RegisteredStatement(
        shared(lock, "in a transaction, too", error, "select pg_try_advisory_lock(1, 2)", true)),
    RegisteredStatement(shared(lock, "shared", error, "select pg_advisory_lock_shared(1)")),
    RegisteredStatement(shared(lock, "an unlock", error, "select pg_advisory_unlock_all()")),
    RegisteredStatement(
        shared(lock, "by PERFORM", error, "do $$ begin perform pg_advisory_lock(1); end $$")),
    RegisteredStatement(shared(lock, "of the transaction", std::nullopt,
                               "select pg_advisory_xact_lock(1), pg_try_advisory_xact_lock(2), "
                               "pg_advisory_xact_lock_shared(3)",
                               true)),
    RegisteredStatement(in_mode("session", lock, std::nullopt, "select pg_advisory_lock(1)")),
    RegisteredStatement(
        shared(temporary, "outside of a transaction", error, "create temp table a (b int)")),
    RegisteredStatement(shared(temporary, "from a query", error, "select 1 as b into temp a")),
    RegisteredStatement(shared(temporary, "it is still there after COMMIT", error,
                               "begin; create temp table a as select 1; select * from a; commit")),
    RegisteredStatement(shared(temporary, "it is gone at once", error,
                               "create temp table a (b int) on commit drop")),
    RegisteredStatement(shared(temporary, "a view", error, "create temp view a as select 1")),
    RegisteredStatement(shared(temporary, "dropped with its transaction", std::nullopt,
                               "begin; create temp table a (b int) on commit drop; commit")),
    RegisteredStatement(shared(temporary, "dropped in its transaction", std::nullopt,
                               "create temp table a (b int); drop table a", true)),
    RegisteredStatement(shared(temporary, "in a DO block", std::nullopt,
                               "do $$ begin create temp table a (b int) on commit drop; end $$")),
    RegisteredStatement(shared(temporary, "a table", std::nullopt, "create table a (b int)")),
};

constexpr auto prepare = "sql-prepare-under-pooler";
constexpr auto drawn = "currval-under-pooler";

const RegisteredStatement others[] = {
    RegisteredStatement(shared(prepare, "PREPARE", error, "prepare p as select 1; execute p")),
    RegisteredStatement(
        shared(prepare, "in a transaction, too", error, "prepare p as select 1", true)),
    RegisteredStatement(shared(prepare, "what was prepared elsewhere", error, "execute p")),
    RegisteredStatement(shared(prepare, "DEALLOCATE ALL", error, "deallocate all")),
    RegisteredStatement(shared(prepare, "all of it in one transaction", std::nullopt,
                               "prepare p as select 1; execute p; deallocate p", true)),
    RegisteredStatement(shared(prepare, "PREPARE TRANSACTION", std::nullopt,
                               "begin; select 1; prepare transaction 'a'")),
    RegisteredStatement(shared("with-hold-cursor-under-pooler", "WITH HOLD", error,
                               "declare c cursor with hold for select 1", true)),
    RegisteredStatement(shared("with-hold-cursor-under-pooler", "without", std::nullopt,
                               "declare c cursor for select 1; fetch all from c", true)),
    RegisteredStatement(shared("listen-under-pooler", "LISTEN", error, "listen orders")),
    RegisteredStatement(
        shared("listen-under-pooler", "UNLISTEN takes from others", Severity::error, "unlisten *")),
    RegisteredStatement(shared("listen-under-pooler", "NOTIFY", std::nullopt,
                               "notify orders; select pg_notify('orders', '')")),
    RegisteredStatement(shared("listen-under-pooler", "undone before it begins", std::nullopt,
                               "begin; listen orders; rollback; begin; listen a; unlisten *; "
                               "commit")),
    RegisteredStatement(shared("listen-under-pooler", "another channel ends", error,
                               "begin; listen orders; unlisten a; commit")),
    RegisteredStatement(shared("with-hold-cursor-under-pooler", "undone with its transaction",
                               std::nullopt,
                               "begin; declare c cursor with hold for select 1; rollback")),
    RegisteredStatement(shared("load-under-pooler", "LOAD", error, "load 'auto_explain'")),
    RegisteredStatement(in_mode("none", "load-under-pooler", std::nullopt, "load 'auto_explain'")),
    RegisteredStatement(shared("discard-under-pooler", "DISCARD ALL", error, "discard all")),
    RegisteredStatement(
        shared("discard-under-pooler", "of temporary tables", error, "discard temp")),
    RegisteredStatement(in_mode("session", "discard-under-pooler", std::nullopt, "discard all")),
    RegisteredStatement(shared(drawn, "currval() by itself", error,
                               "insert into a default values; select currval('a_id_seq')")),
    RegisteredStatement(shared(drawn, "lastval() in an INSERT", error,
                               "insert into a default values; insert into b values (lastval())")),
    RegisteredStatement(shared(drawn, "in the same transaction", std::nullopt,
                               "begin; insert into a default values; select lastval(); commit")),
    RegisteredStatement(
        shared(drawn, "nextval() draws its own", std::nullopt, "select nextval('a_id_seq')")),
};

} // namespace
