#include "pooler/config/compose_port.hpp"

#include "base/text.hpp"
#include "model/endpoint.hpp"

#include <algorithm>
#include <optional>

namespace pgtool {
namespace {

constexpr std::int64_t longest_range = 64;

struct Range {
  std::int64_t first = 0;
  std::int64_t last = 0;
  [[nodiscard]] std::int64_t size() const { return last - first + 1; }
};

std::optional<Range> parse_range(std::string_view text) {
  const auto dash = text.find('-');
  const auto first = parse_integer(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : parse_integer(text.substr(dash + 1));
  if (!first || !last || *first < 1 || *last > 65535 || *first > *last ||
      *last - *first >= longest_range) {
    return std::nullopt;
  }
  return Range{*first, *last};
}

/// Cuts off what stands behind the last colon.
std::string_view take_last(std::string_view& text) {
  const auto colon = text.rfind(':');
  const auto last = colon == std::string_view::npos ? text : text.substr(colon + 1);
  text = colon == std::string_view::npos ? std::string_view() : text.substr(0, colon);
  return last;
}

} // namespace

std::string bind_address(std::string_view address) {
  if (address.starts_with('[') && address.ends_with(']')) {
    address = address.substr(1, address.size() - 2);
  }
  return is_any_address(address) ? "" : std::string(address);
}

std::vector<PublishedPort> parse_published(std::string_view text) {
  text = trim(text);
  const auto slash = text.find('/');
  if (slash != std::string_view::npos && lower(text.substr(slash + 1)) != "tcp") {
    return {};
  }
  text = text.substr(0, slash);
  const auto target = parse_range(take_last(text));
  const bool is_published = !text.empty();
  const auto published = parse_range(take_last(text));
  const auto address = bind_address(text);
  if (!target || (is_published && !published)) {
    return {};
  }
  const auto count = published ? std::max(published->size(), target->size()) : target->size();
  if (published && target->size() > 1 && target->size() != published->size()) {
    return {};
  }
  std::vector<PublishedPort> ports;
  for (std::int64_t at = 0; at < count; ++at) {
    ports.push_back({address, published ? std::to_string(published->first + at) : "",
                     std::to_string(target->first + (target->size() > 1 ? at : 0))});
  }
  return ports;
}

} // namespace pgtool
