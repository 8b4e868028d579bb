#pragma once

#include <string>
#include <utility>

namespace pgtool {

/// A string that must never be printed. It has no formatter and no stream operator on purpose:
/// whoever needs the text has to write `reveal()`, which is easy to find in a review.
class Secret {
public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}

  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
  [[nodiscard]] const std::string& reveal() const noexcept { return text_; }
  friend bool operator==(const Secret&, const Secret&) = default;

private:
  std::string text_;
};

/// `text`, which somebody else wrote, without the secret. One of a few letters is a part of
/// ordinary words and stays.
inline std::string without(const Secret& secret, std::string text) {
  constexpr std::size_t shortest = 6;
  const auto& hidden = secret.reveal();
  if (hidden.size() < shortest) {
    return text;
  }
  for (auto at = text.find(hidden); at != std::string::npos; at = text.find(hidden, at + 3)) {
    text.replace(at, hidden.size(), "***");
  }
  return text;
}

} // namespace pgtool
