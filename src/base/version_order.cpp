#include "base/version_order.hpp"

#include <charconv>
#include <vector>

namespace pgtool {
namespace {

std::vector<long> numbers_of(std::string_view version) {
  std::vector<long> numbers;
  const char* at = version.data();
  const char* const end = at + version.size();
  while (at < end) {
    long number = 0;
    const auto [next, error] = std::from_chars(at, end, number);
    if (error != std::errc()) {
      break;
    }
    numbers.push_back(number);
    at = next;
    if (at == end || *at != '.') {
      break;
    }
    ++at;
  }
  while (!numbers.empty() && numbers.back() == 0) {
    numbers.pop_back(); // 1.18.0 is 1.18
  }
  return numbers;
}

} // namespace

bool is_older(std::string_view version, std::string_view than) {
  return numbers_of(version) < numbers_of(than);
}

bool is_surely_older(std::string_view version, std::string_view than) {
  constexpr std::string_view before = "before ";
  if (version.starts_with(before)) {
    return !is_older(than, version.substr(before.size()));
  }
  const bool is_open = version.find(" or later") != std::string_view::npos;
  return !version.empty() && !is_open && is_older(version, than);
}

bool is_surely_since(std::string_view version, std::string_view wanted) {
  return !numbers_of(version).empty() && !is_older(version, wanted);
}

} // namespace pgtool
