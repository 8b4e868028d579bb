#include "connector/pause_order.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool {
namespace {

/// Takes the strings of a message in their order.
class Reading {
public:
  explicit Reading(const std::vector<std::string>& parts) : parts_(parts) {}

  const std::string& text() {
    if (at_ >= parts_.size()) {
      fail();
    }
    return parts_[at_++];
  }
  double real() {
    const auto value = parse_real(text());
    if (!value) {
      fail();
    }
    return *value;
  }
  std::int64_t count() {
    const auto value = parse_integer(text());
    if (!value || *value < 0) {
      fail();
    }
    return *value;
  }

private:
  [[noreturn]] static void fail() {
    throw Error(Failure::internal, "what a pause guard was told is no order");
  }
  const std::vector<std::string>& parts_;
  std::size_t at_ = 0;
};

} // namespace

std::vector<std::string> encoded(const PauseOrder& order) {
  std::vector<std::string> parts{fmt::format("{}", order.seconds), fmt::format("{}", order.timeout),
                                 std::to_string(order.consoles.size())};
  for (const auto& console : order.consoles) {
    parts.push_back(console.password.reveal());
    parts.push_back(std::to_string(console.parameters.size()));
    for (const auto& [keyword, value] : console.parameters) {
      parts.push_back(keyword);
      parts.push_back(value);
    }
  }
  parts.push_back(std::to_string(order.entries.size()));
  parts.insert(parts.end(), order.entries.begin(), order.entries.end());
  return parts;
}

PauseOrder decoded_order(const std::vector<std::string>& message) {
  Reading reading(message);
  PauseOrder order;
  order.seconds = reading.real();
  order.timeout = reading.real();
  for (auto consoles = reading.count(); consoles > 0; --consoles) {
    Endpoint console;
    console.password = Secret(reading.text());
    for (auto parameters = reading.count(); parameters > 0; --parameters) {
      const auto& keyword = reading.text();
      console.set(keyword, reading.text());
    }
    order.consoles.push_back(std::move(console));
  }
  for (auto entries = reading.count(); entries > 0; --entries) {
    order.entries.push_back(reading.text());
  }
  return order;
}

bool is_shared(const PauseOrder& order, const Endpoint& console) {
  return std::count_if(order.consoles.begin(), order.consoles.end(),
                       [&](const auto& other) { return same_place(console, other); }) > 1;
}

} // namespace pgtool
