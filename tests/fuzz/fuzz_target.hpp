#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pgtool::fuzz {

/// A parser of outside bytes with what must hold for every input. Defining one at the top of a file
/// makes it known: to libFuzzer where it is built alone, to the replay of the corpus with all
/// others.
class Target {
public:
  using Check = void (*)(std::string_view bytes);

  Target(std::string_view name, Check check) : name_(name), check_(check) { all().push_back(this); }
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;

  [[nodiscard]] std::string_view name() const { return name_; }
  void run(std::string_view bytes) const { check_(bytes); }

  static std::vector<const Target*>& all();

private:
  std::string_view name_;
  Check check_;
};

/// Ends the process with the words when the statement does not hold.
void require(bool holds, std::string_view words);

/// What a target plants where a password stands. Every trace of it in an input is removed before,
/// so that nothing that is told may contain its letters.
inline constexpr std::string_view secret = "hushhush";

std::string without_secret(std::string_view text);
/// The same with the secret planted behind every `marker`.
std::string with_secret_behind(std::string_view text, std::string_view marker);
bool tells_secret(std::string_view text);

} // namespace pgtool::fuzz
