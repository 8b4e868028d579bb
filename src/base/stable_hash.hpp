#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pgtool {

/// FNV-1a, 64 bits: the same on every machine and in every version.
class StableHash {
public:
  void add(std::string_view bytes) {
    constexpr std::uint64_t prime = 1099511628211U;
    for (const char byte : bytes) {
      sum_ = (sum_ ^ static_cast<unsigned char>(byte)) * prime;
    }
  }
  [[nodiscard]] std::uint64_t sum() const noexcept { return sum_; }
  /// 16 hexadecimal digits.
  [[nodiscard]] std::string digits() const;

private:
  std::uint64_t sum_ = 14695981039346656037U;
};

} // namespace pgtool
