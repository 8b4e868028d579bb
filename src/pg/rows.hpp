#pragma once

#include "base/error.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct pg_result;

namespace pgtool {

struct ResultCloser {
  void operator()(pg_result* result) const noexcept;
};
using ResultHandle = std::unique_ptr<pg_result, ResultCloser>;

/// The rows of one statement. Columns are read by name, never by position, since the columns of a
/// pooler's SHOW commands differ between versions.
class Rows {
public:
  Rows() = default;
  explicit Rows(ResultHandle result) : result_(std::move(result)) {}

  [[nodiscard]] int size() const;
  /// The text of a cell; empty optional for NULL or when there is no such column or row.
  [[nodiscard]] std::optional<std::string> at(int row, std::string_view column) const;
  /// The same, with "" for NULL.
  [[nodiscard]] std::string text(int row, std::string_view column) const;
  [[nodiscard]] bool truth(int row, std::string_view column) const;

private:
  [[nodiscard]] int index(std::string_view column) const;
  ResultHandle result_;
};

/// What was said when a statement or a login was refused.
struct Refusal {
  std::string message;  ///< one line, without severity and SQLSTATE
  std::string sqlstate; ///< five characters, or "" when nobody gave one
  /// PostgreSQL tells the place in its source (F, L, R); most poolers do not.
  bool tells_source = false;
  bool timed_out = false; ///< no answer in time
  bool broken = false;    ///< the connection is gone
};

/// A statement failed. Keeps the SQLSTATE.
class SqlError : public Error {
public:
  SqlError(Failure kind, Refusal refusal)
      : Error(kind, refusal.message), refusal_(std::move(refusal)) {}
  [[nodiscard]] const Refusal& refusal() const noexcept { return refusal_; }

private:
  Refusal refusal_;
};

/// Rows, or the reason why there are none.
struct Outcome {
  Rows rows;
  std::optional<Refusal> refusal;
  [[nodiscard]] bool ok() const noexcept { return !refusal; }
};

} // namespace pgtool
