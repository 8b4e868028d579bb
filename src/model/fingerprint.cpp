#include "model/fingerprint.hpp"

#include <cstdint>
#include <filesystem>
#include <fmt/core.h>
#include <map>
#include <string_view>

namespace pgtool {
namespace {

/// FNV-1a: the same on every machine and in every version.
void mix(std::uint64_t& hash, std::string_view text) {
  constexpr std::uint64_t prime = 1099511628211U;
  for (const char letter : text) {
    hash = (hash ^ static_cast<unsigned char>(letter)) * prime;
  }
  hash = (hash ^ 0xFFU) * prime; // what no text contains ends it
}

std::string without_digits(std::string_view text) {
  std::string kept;
  for (const char letter : text) {
    if (letter < '0' || letter > '9') {
      kept += letter;
    }
  }
  return kept;
}

} // namespace

std::string seen_from(const std::string& root, const std::string& file) {
  namespace fs = std::filesystem;
  std::error_code unreadable;
  const auto whole = fs::absolute(file, unreadable).lexically_normal();
  const auto inside = whole.lexically_relative(root);
  const bool is_below = !file.empty() && !inside.empty() && *inside.begin() != "..";
  return is_below ? inside.generic_string() : file;
}

void add_fingerprints(std::vector<Finding>& findings, const std::string& root) {
  constexpr std::uint64_t start = 14695981039346656037U;
  std::map<std::uint64_t, int> seen;
  for (auto& finding : findings) {
    auto hash = start;
    mix(hash, finding.rule);
    mix(hash, seen_from(root, finding.where.file));
    mix(hash, finding.where.object);
    mix(hash, finding.where.object.empty() ? without_digits(finding.message) : "");
    if (const int before = seen[hash]++; before > 0) {
      mix(hash, std::to_string(before));
    }
    if (finding.fingerprint.empty()) {
      finding.fingerprint = fmt::format("{:016x}", hash);
    }
  }
}

} // namespace pgtool
