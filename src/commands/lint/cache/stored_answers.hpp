#pragma once

#include "commands/lint/cache/dependencies.hpp"
#include "commands/lint/project_answers.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

/// What a project has answered, and what that depends on.
struct StoredAnswers {
  struct Exchange {
    std::string question; ///< as JSON
    Value answer;
  };
  ToldProject told;
  std::vector<Exchange> exchanges;
  Dependencies dependencies;

  /// Adds a program: where its links lead to, and what is there.
  void depend_on_program(const std::string& program);
};

/// As the text of a file, with a sum of it at the front.
std::string text_of(const StoredAnswers& answers);

/// Such a text, taken apart as far as it is needed to see whether it still holds.
struct StoredText {
  Dependencies dependencies;
  std::string_view rest; ///< for answers_of()
};

/// Nothing for a text that is damaged, or of another make.
std::optional<StoredText> stored_text(std::string_view text);
/// Everything but the dependencies; nothing for what is no such thing.
std::optional<StoredAnswers> answers_of(const StoredText& text);

} // namespace pgtool
