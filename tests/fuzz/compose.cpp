#include "pooler/config/compose.hpp"
#include "pooler_checks.hpp"

namespace pgtool::fuzz {
namespace {

/// What stands behind the first byte 1 is the text of every file that is named.
void check_text(const std::string& text) {
  const auto cut = text.find('\1');
  const auto read = [&](const std::string&) -> std::optional<std::string> {
    return cut == std::string::npos ? std::nullopt : std::optional(text.substr(cut + 1));
  };

  const auto reading = parse_compose({{"shop/compose.yaml", text.substr(0, cut)}},
                                     {{{"HOME", "/home/app"}, {"PORT", "6432"}}, read});

  // The name of a file that a pgbouncer.ini includes is repeated, whatever it is.
  if (text.find("%include") != std::string::npos) {
    return;
  }
  check_problems(reading.problems);
  for (const auto& pooler : reading.poolers) {
    check_pooler(pooler);
  }
}

void check_compose(std::string_view bytes) {
  check_text(with_secret_behind(bytes, "PASSWORD: "));
  check_text(with_secret_behind(bytes, "PASSWORD="));
}

const Target target("compose", check_compose);

} // namespace
} // namespace pgtool::fuzz
