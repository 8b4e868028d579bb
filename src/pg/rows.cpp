#include "pg/rows.hpp"

#include <libpq-fe.h>

namespace pgtool {

void ResultCloser::operator()(pg_result* result) const noexcept { PQclear(result); }

int Rows::size() const { return PQntuples(result_.get()); }

int Rows::index(std::string_view column) const {
  // PQfnumber folds unquoted names; the names asked for are all lower case.
  return PQfnumber(result_.get(), std::string(column).c_str());
}

std::optional<std::string> Rows::at(int row, std::string_view column) const {
  const int field = index(column);
  if (field < 0 || row < 0 || row >= size() || PQgetisnull(result_.get(), row, field) != 0) {
    return std::nullopt;
  }
  return std::string(PQgetvalue(result_.get(), row, field),
                     static_cast<std::size_t>(PQgetlength(result_.get(), row, field)));
}

std::string Rows::text(int row, std::string_view column) const {
  return at(row, column).value_or("");
}

bool Rows::truth(int row, std::string_view column) const { return text(row, column) == "t"; }

} // namespace pgtool
