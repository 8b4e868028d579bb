#include "model/fingerprint.hpp"

#include "base/stable_hash.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string_view>

namespace pgtool {
namespace {

/// What no text contains ends each of them.
void mix(StableHash& hash, std::string_view text) {
  hash.add(text);
  hash.add("\xFF");
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
  std::map<std::uint64_t, int> seen;
  for (auto& finding : findings) {
    StableHash hash;
    mix(hash, finding.rule);
    mix(hash, seen_from(root, finding.where.file));
    mix(hash, finding.where.object);
    mix(hash, finding.where.object.empty() ? without_digits(finding.message) : "");
    if (const int before = seen[hash.sum()]++; before > 0) {
      mix(hash, std::to_string(before));
    }
    if (finding.fingerprint.empty()) {
      finding.fingerprint = hash.digits();
    }
  }
}

} // namespace pgtool
