#include "commands/lint/cache/kept_answers.hpp"

#include "base/json.hpp"

namespace pgtool {

std::string KeptAnswers::ask(const Value& question, Value& answer) {
  const auto asked = dump_json(question);
  for (auto& exchange : answers_.exchanges) {
    if (exchange.question == asked) {
      answer = std::move(exchange.answer);
      return {};
    }
  }
  was_asked_more_ = true;
  return "it was not asked before";
}

} // namespace pgtool
