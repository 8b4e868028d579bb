#include "cli/take.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/shown.hpp"

#include <algorithm>
#include <filesystem>

namespace pgtool {

bool truth_of(const Given& given) {
  const auto truth = parse_truth(given.value());
  if (!truth) {
    throw Error(Failure::usage, given.source + ": expected true or false");
  }
  return *truth;
}

double seconds_of(const Given& given) { return parse_duration(given.value(), given.source); }

int count_of(const Given& given) {
  constexpr int most = 1000;
  const auto count = parse_integer(given.value());
  if (!count || *count < 0 || *count > most) {
    throw Error(Failure::usage, given.source + ": '" + shown(given.value()) + "' is no count",
                "expected a whole number from 0 to " + std::to_string(most));
  }
  return static_cast<int>(*count);
}

const std::string& choice_of(const Given& given, Choices choices) {
  expect_choice(given, given.value(), choices);
  return given.value();
}

void expect_choice(const Given& given, std::string_view value, Choices choices) {
  const std::vector<std::string> names(choices.begin(), choices.end());
  if (std::find(names.begin(), names.end(), value) == names.end()) {
    throw Error(Failure::usage, given.source + ": unknown value '" + shown(value) + "'",
                "expected " + join(names, " or "));
  }
}

std::string path_of(const Given& given) {
  const std::filesystem::path path(given.value());
  if (given.folder.empty() || path.empty() || path.is_absolute()) {
    return given.value();
  }
  return (std::filesystem::path(given.folder) / path).lexically_normal().string();
}

} // namespace pgtool
