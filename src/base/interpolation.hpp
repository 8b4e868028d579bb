#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

/// What a name stands for; nothing when it is not set.
using ValueOf = std::function<std::optional<std::string>(const std::string& name)>;

/// What became of a text with variables in it.
struct Interpolated {
  std::string text;
  std::vector<std::string> unset; ///< names without a value and without a default, taken as empty
  bool malformed = false;         ///< a `${` that is none: the text is left as it was written
};

/// Fills in variables as docker compose does in its own files and in `.env` files: `$NAME`,
/// `${NAME}`, `${NAME:-default}`, `${NAME-default}`, `${NAME:?message}`, `${NAME?message}`,
/// `${NAME:+other}`, `${NAME+other}`, nested; `$$` is one `$`. What is filled in is not looked at
/// again. A result above 1 MiB is malformed.
Interpolated interpolate(std::string_view text, const ValueOf& value_of);

} // namespace pgtool
