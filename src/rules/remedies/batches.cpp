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

/// Pages are those of one table: its partitions and children have their own.
std::string refusal_of(const Relation& table) {
  return fmt::format("  IF EXISTS (SELECT FROM pg_inherits WHERE inhparent = {0}::regclass) THEN\n"
                     "    RAISE EXCEPTION '% has partitions or children: do it for each of them', "
                     "{0}::regclass;\n"
                     "  END IF;\n",
                     quote_literal(written(table)));
}

} // namespace

std::string in_batches(const Relation& table, const std::string& change, const std::string& left) {
  return fmt::format(
      "DO $$\n"
      "DECLARE\n"
      "  changed bigint;\n"
      "  changed_in_all bigint;\n"
      "  changed_before bigint;\n"
      "BEGIN\n"
      "{}"
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
      "    IF changed_in_all >= changed_before THEN\n"
      "      RAISE EXCEPTION '% rows are changed again and again: their value stays NULL', "
      "changed_in_all;\n"
      "    END IF;\n"
      "    changed_before := changed_in_all;\n"
      "  END LOOP;\n"
      "END $$",
      refusal_of(table), pages_of(table), pages_at_once, change, left, within("          "));
}

std::string in_batches(const Relation& table, const std::string& change) {
  return fmt::format("DO $$\n"
                     "BEGIN\n"
                     "{}"
                     "  FOR page IN 0 .. {} BY {} LOOP\n"
                     "    {}\n"
                     "      WHERE {};\n"
                     "    COMMIT;\n"
                     "  END LOOP;\n"
                     "END $$",
                     refusal_of(table), pages_of(table), pages_at_once, change, within("        "));
}

} // namespace pgtool
