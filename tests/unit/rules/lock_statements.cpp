#include "statement_cases.hpp"

using namespace pgtool;
using namespace pgtool::test;

namespace {

const RegisteredStatement cases[] = {
    RegisteredStatement({"index-not-concurrent", "an index on a table that is there",
                         Severity::error, "create index i on shop_order (total)"}),
    RegisteredStatement({"index-not-concurrent", "a table that is new here", std::nullopt,
                         "create table a (b int); create index i on a (b)"}),
    RegisteredStatement({"index-not-concurrent", "CONCURRENTLY", std::nullopt,
                         "create index concurrently i on shop_order (total)"}),
};

} // namespace
