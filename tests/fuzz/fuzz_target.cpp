#include "fuzz_target.hpp"

#include <cstdio>
#include <cstdlib>

namespace pgtool::fuzz {
namespace {

constexpr std::string_view secret_letters = "hush";

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

} // namespace

std::vector<const Target*>& Target::all() {
  static std::vector<const Target*> targets;
  return targets;
}

void require(bool holds, std::string_view words) {
  if (!holds) {
    std::fprintf(stderr, "does not hold: %.*s\n", static_cast<int>(words.size()), words.data());
    std::abort();
  }
}

std::string without_secret(std::string_view text) {
  std::string cleaned(text);
  replace_all(cleaned, secret_letters, "****");
  return cleaned;
}

std::string with_secret_behind(std::string_view text, std::string_view marker) {
  auto planted = without_secret(text);
  replace_all(planted, marker, std::string(marker) + std::string(secret));
  return planted;
}

bool tells_secret(std::string_view text) {
  return text.find(secret_letters) != std::string_view::npos;
}

} // namespace pgtool::fuzz
