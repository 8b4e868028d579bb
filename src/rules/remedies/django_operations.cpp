#include "rules/remedies/django_operations.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace pgtool {
namespace {

/// What Django puts behind a foreign key so that it is looked at while the transaction lasts.
bool is_of_transaction(const std::string& sql) { return lower(sql).starts_with("set constraints"); }

std::string indented(const std::string& text, const std::string& indent) {
  std::string lines;
  for (const auto& line : split(text, '\n')) {
    lines += (line.empty() ? "" : indent + line) + "\n";
  }
  return lines;
}

/// Every statement that the operation sends, in order.
std::vector<std::size_t> statements_of(const DjangoOperation& operation) {
  std::vector<std::size_t> statements;
  for (auto at = operation.first_statement; at < operation.end_statement; ++at) {
    statements.push_back(at);
  }
  statements.insert(statements.end(), operation.deferred.begin(), operation.deferred.end());
  return statements;
}

SafeSteps all_steps(const Reading& reading, const DjangoOperation& operation, std::size_t statement,
                    const SafeSteps& steps) {
  SafeSteps all;
  for (const auto at : statements_of(operation)) {
    const auto& text = reading.statements[at].text;
    if (is_of_transaction(text)) {
      continue;
    }
    auto found = at == statement ? steps : safe_steps(reading, at);
    if (found.empty()) {
      found.push_back({.sql = text, .undo = "", .note = "", .kept = true});
    }
    std::move(found.begin(), found.end(), std::back_inserter(all));
  }
  return all;
}

std::string list_of(const std::vector<std::string>& texts, const std::string& indent) {
  std::string list;
  for (const auto& text : texts) {
    list += indent + python_text(text, indent) + ",\n";
  }
  return list;
}

/// The way back, last step first; none where it is not known of each.
std::vector<std::string> undone(const SafeSteps& steps, bool adds_column) {
  std::vector<std::string> texts;
  if (!adds_column &&
      std::any_of(steps.begin(), steps.end(), [](const auto& one) { return one.kept; })) {
    return texts; // while a new column takes with it whatever was done to it
  }
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    if (!step->undo.empty() && !step->later) {
      texts.push_back(step->undo);
    }
  }
  return texts;
}

std::string run_sql(const SafeSteps& steps, bool adds_column) {
  std::string list;
  for (const auto& step : steps) {
    if (!step.later) {
      list += step.note.empty() ? "" : "                # " + step.note + "\n";
      list += list_of({step.sql}, "                ");
    }
  }
  auto text = "        migrations.RunSQL(\n            [\n" + list + "            ],\n";
  if (const auto back = undone(steps, adds_column); !back.empty()) {
    text += "            reverse_sql=[\n" + list_of(back, "                ") + "            ],\n";
  }
  return text + "        ),\n";
}

} // namespace

std::string python_text(const std::string& text, const std::string& indent) {
  const bool is_long = text.find('\n') != std::string::npos;
  const std::string quote =
      is_long                                                                       ? "\"\"\""
      : text.find('"') != std::string::npos && text.find('\'') == std::string::npos ? "'"
                                                                                    : "\"";
  std::string written = quote + (is_long ? "\n" : "");
  for (const auto& line : split(text, '\n')) {
    for (const char letter : line) {
      const bool is_special = letter == '\\' || letter == quote.front();
      written += is_special ? std::string("\\") + letter : std::string(1, letter);
    }
    written += is_long ? "\n" : "";
  }
  return written + (is_long ? indent : "") + quote;
}

std::string operations_with(const Reading& reading, const DjangoOperation& operation,
                            std::size_t statement, const SafeSteps& steps) {
  const auto all = all_steps(reading, operation, statement, steps);
  std::string text = operation.source_imports +
                     "# in a migration with atomic = False\n"
                     "migrations.SeparateDatabaseAndState(\n    state_operations=[\n" +
                     indented(operation.source + ",", "        ") +
                     "    ],\n    database_operations=[\n" +
                     run_sql(all, operation.kind == "AddField") + "    ],\n),";
  std::string later;
  for (const auto& step : all) {
    if (step.later) {
      later += "\n# migrations.RunSQL(" + python_text(step.sql, "") +
               ", reverse_sql=migrations.RunSQL.noop),";
    }
  }
  return later.empty() ? text : text + "\n# in the next release:" + later;
}

} // namespace pgtool
