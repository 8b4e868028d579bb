#include "base/text.hpp"
#include "fuzz_target.hpp"
#include "pooler/console.hpp"

#include <libpq-fe.h>

#include <algorithm>

namespace pgtool::fuzz {
namespace {

using Table = std::vector<std::vector<std::string>>;

constexpr std::size_t most_cells = 64;

/// Lines of cells between tabs.
Table table_of(std::string_view text) {
  Table table;
  for (const auto& line : split(text, '\n')) {
    auto cells = split(line, '\t');
    cells.resize(std::min(cells.size(), most_cells));
    table.push_back(std::move(cells));
  }
  return table;
}

/// The answer with the columns of the first line. A cell of `\N` is NULL.
Rows rows_of(const Table& table) {
  ResultHandle result(PQmakeEmptyPGresult(nullptr, PGRES_TUPLES_OK));
  std::vector<PGresAttDesc> columns;
  auto names = table.front();
  for (auto& name : names) {
    columns.push_back({name.data(), 0, 0, 0, 25, -1, -1});
  }
  PQsetResultAttrs(result.get(), static_cast<int>(columns.size()), columns.data());
  for (std::size_t row = 1; row < table.size(); ++row) {
    for (std::size_t column = 0; column < std::min(columns.size(), table[row].size()); ++column) {
      auto cell = table[row][column];
      const int length = cell == "\\N" ? -1 : static_cast<int>(cell.size());
      PQsetvalue(result.get(), static_cast<int>(row - 1), static_cast<int>(column), cell.data(),
                 length);
    }
  }
  return Rows(std::move(result));
}

bool has_cell(const Table& table, const std::string& text) {
  return text.empty() || std::any_of(table.begin() + 1, table.end(), [&](const auto& cells) {
           return std::find(cells.begin(), cells.end(), text) != cells.end();
         });
}

/// The first line asks for a name and a user, the rest is the answer.
void check_show(std::string_view bytes) {
  const auto end = std::min(bytes.find('\n'), bytes.size());
  auto asked = split(bytes.substr(0, end), '\t');
  asked.resize(2);
  const auto table = table_of(bytes.substr(std::min(end + 1, bytes.size())));
  const auto rows = rows_of(table);

  for (const auto& database : {database_in(rows, asked[0]), database_in_pools(rows, asked[0])}) {
    if (database) {
      require(database->name.starts_with(asked[0]), "a database has the name that was asked for");
      for (const auto& text :
           {database->host, database->port, database->database, database->forced_user}) {
        require(has_cell(table, text), "what is told of a database stands in the answer");
      }
    }
  }
  const auto mode =
      mode_in({rows_of(table), rows_of(table), rows_of(table), rows_of(table)}, asked[0], asked[1]);
  require(mode.mode == "unknown" || has_cell(table, mode.mode), "a mode stands in the answer");
  const auto identity = console_identity(asked[0], asked[1]);
  require(!identity || !identity->kind.empty(), "a console that is known has a kind");
}

const Target target("show", check_show);

} // namespace
} // namespace pgtool::fuzz
