#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace pgtool {

/// Why a command could not go on. The value is the exit status (README, "Exit statuses").
enum class Failure { usage = 2, unknown = 3, stopped = 4, busy = 5, internal = 70 };

/// The one exception of pgtool. `what()` is lower case, names the object and says what was
/// expected; `hint()` says what to do next and may be empty. Neither ever holds a secret.
class Error : public std::runtime_error {
public:
  Error(Failure kind, const std::string& message, std::string hint = {})
      : std::runtime_error(message), kind_(kind), hint_(std::move(hint)) {}

  [[nodiscard]] Failure kind() const noexcept { return kind_; }
  [[nodiscard]] const std::string& hint() const noexcept { return hint_; }

private:
  Failure kind_;
  std::string hint_;
};

/// A signal asked pgtool to end; main() cleans up and returns 128 + number.
class Interrupted : public std::runtime_error {
public:
  explicit Interrupted(int number) : std::runtime_error("interrupted"), number_(number) {}
  [[nodiscard]] int number() const noexcept { return number_; }

private:
  int number_;
};

} // namespace pgtool
