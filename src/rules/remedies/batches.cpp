#include "rules/remedies/batches.hpp"

#include "rules/reading/remarks.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool {
namespace {

constexpr int pages_at_once = 500;

std::string pages_of(const Relation& table) {
  return fmt::format("(SELECT pg_relation_size({}::regclass) / current_setting('block_size')::int)",
                     quote_literal(written(table)));
}

std::string within(const std::string& indent) {
  return fmt::format("ctid >= ('(' || page || ',0)')::tid\n"
                     "{}AND ctid < ('(' || page + {} || ',0)')::tid",
                     indent, pages_at_once);
}

} // namespace

std::string in_batches(const Relation& table, const std::string& change, const std::string& left) {
  return fmt::format(
      "DO $$\n"
      "DECLARE\n"
      "  changed bigint;\n"
      "  changed_in_all bigint;\n"
      "BEGIN\n"
      "  LOOP\n"
      "    changed_in_all := 0;\n"
      "    FOR page IN 0 .. {} BY {} LOOP\n"
      "      {}\n"
      "        WHERE {} AND {};\n"
      "      GET DIAGNOSTICS changed = ROW_COUNT;\n"
      "      changed_in_all := changed_in_all + changed;\n"
      "      COMMIT;\n"
      "    END LOOP;\n"
      "    EXIT WHEN changed_in_all = 0; -- rows move while others write: once more\n"
      "  END LOOP;\n"
      "END $$",
      pages_of(table), pages_at_once, change, left, within("          "));
}

std::string in_batches(const Relation& table, const std::string& change) {
  return fmt::format("DO $$\n"
                     "BEGIN\n"
                     "  FOR page IN 0 .. {} BY {} LOOP\n"
                     "    {}\n"
                     "      WHERE {};\n"
                     "    COMMIT;\n"
                     "  END LOOP;\n"
                     "END $$",
                     pages_of(table), pages_at_once, change, within("        "));
}

} // namespace pgtool
