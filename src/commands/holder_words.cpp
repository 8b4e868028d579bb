#include "commands/holder_words.hpp"

#include "base/text.hpp"

#include <fmt/core.h>

namespace pgtool {

namespace {

std::string words_of(const Rows& rows, int row) {
  const auto age = rows.text(row, "age");
  const auto since = age.empty() ? "" : " for " + age + " s";
  if (rows.text(row, "pid").empty()) {
    return fmt::format("prepared transaction '{}' (role {}{})", rows.text(row, "gid"),
                       rows.text(row, "owner"), since);
  }
  const auto type = rows.text(row, "backend_type");
  if (type == "autovacuum worker") {
    return fmt::format("pid {} (autovacuum{})", rows.text(row, "pid"), since);
  }
  if (type.empty() && rows.text(row, "usename").empty()) {
    return fmt::format("pid {} (a process of the server, most likely autovacuum)",
                       rows.text(row, "pid"));
  }
  std::string text =
      fmt::format("pid {} (role {}", rows.text(row, "pid"), rows.text(row, "usename"));
  if (const auto application = rows.text(row, "application_name"); !application.empty()) {
    text += ", application " + application;
  }
  if (const auto host = rows.text(row, "host"); !host.empty()) {
    text += ", from " + host;
  }
  if (const auto state = rows.text(row, "state"); !state.empty()) {
    text += ", " + state + since;
  }
  return text + ")";
}

} // namespace

std::string holder_words(const Rows& rows, int row) { return one_line(words_of(rows, row)); }

} // namespace pgtool
