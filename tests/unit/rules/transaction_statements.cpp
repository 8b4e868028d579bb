#include "statement_cases.hpp"

using namespace pgtool;
using namespace pgtool::test;

namespace {

constexpr auto error = Severity::error;
constexpr auto warning = Severity::warning;

const RegisteredStatement cases[] = {
    RegisteredStatement({"transaction-nesting", "BEGIN in the runner's transaction", warning,
                         "begin; select 1", "", true}),
    RegisteredStatement({"transaction-nesting", "COMMIT of the runner's transaction", warning,
                         "select 1; commit", "", true}),
    RegisteredStatement({"transaction-nesting", "COMMIT of a DO block", warning,
                         "do $$ begin commit; end $$", "", true}),
    RegisteredStatement(
        {"transaction-nesting", "BEGIN after BEGIN", warning, "begin; begin; select 1; commit"}),
    RegisteredStatement({"transaction-nesting", "one after the other", std::nullopt,
                         "begin; select 1; commit; begin; select 2; rollback"}),
    RegisteredStatement({"transaction-nesting", "savepoints", std::nullopt,
                         "savepoint a; select 1; rollback to a; release a", "", true}),
    RegisteredStatement({"uncommitted-transaction", "BEGIN without COMMIT", error,
                         "begin; update a set b = 1 where c = 2"}),
    RegisteredStatement({"uncommitted-transaction", "a second one", error,
                         "begin; select 1; commit; start transaction; select 1"}),
    RegisteredStatement({"uncommitted-transaction", "COMMIT AND CHAIN", error,
                         "begin; select 1; commit and chain; select 2"}),
    RegisteredStatement({"uncommitted-transaction", "only to a savepoint", error,
                         "begin; savepoint a; rollback to a"}),
    RegisteredStatement(
        {"uncommitted-transaction", "with COMMIT", std::nullopt, "begin; select 1; commit"}),
    RegisteredStatement(
        {"uncommitted-transaction", "with END", std::nullopt, "begin; select 1; end"}),
    RegisteredStatement(
        {"uncommitted-transaction", "the runner commits", std::nullopt, "select 1", "", true}),
    RegisteredStatement({"set-local-outside-transaction", "nothing is open", warning,
                         "set local lock_timeout = '2s'; alter table a add b int"}),
    RegisteredStatement({"set-local-outside-transaction", "after COMMIT", warning,
                         "begin; select 1; commit; set local lock_timeout = '2s'"}),
    RegisteredStatement({"set-local-outside-transaction", "by set_config", warning,
                         "select set_config('lock_timeout', '2s', true)"}),
    RegisteredStatement({"set-local-outside-transaction", "an isolation level", warning,
                         "set transaction isolation level serializable"}),
    RegisteredStatement({"set-local-outside-transaction", "a transaction is open", std::nullopt,
                         "begin; set local lock_timeout = '2s'; select 1; commit"}),
    RegisteredStatement({"set-local-outside-transaction", "the runner has opened one", std::nullopt,
                         "set local lock_timeout = '2s'", "", true}),
    RegisteredStatement({"set-local-outside-transaction", "a DO block is a transaction",
                         std::nullopt, "do $$ begin set local lock_timeout = '2s'; end $$"}),
    RegisteredStatement({"set-local-outside-transaction", "of the session", std::nullopt,
                         "set lock_timeout = '2s'"}),
};

} // namespace
