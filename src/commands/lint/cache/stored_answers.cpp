#include "commands/lint/cache/stored_answers.hpp"

#include "base/packed_value.hpp"
#include "base/stable_hash.hpp"
#include "base/text.hpp"

#include <fmt/core.h>

namespace pgtool {
namespace {

constexpr std::string_view head = "pgtool lint 1 ";
constexpr std::size_t digits = 16;

Value list_of(const std::vector<std::string>& words) {
  Value list = Value::array();
  for (const auto& word : words) {
    list.add(word);
  }
  return list;
}

std::vector<std::string> words_of(const Value& list) {
  std::vector<std::string> words;
  for (const auto& word : list.elements()) {
    words.push_back(word.text());
  }
  return words;
}

std::string sum_of(std::string_view text) {
  StableHash hash;
  hash.add(text);
  return hash.digits();
}

Value value_of(const ToldProject& told) {
  return Value::object({{"python", told.python},
                        {"django", told.django},
                        {"settings_module", told.settings_module},
                        {"base_dir", told.base_dir},
                        {"source_dirs", list_of(told.source_dirs)},
                        {"silenced_checks", list_of(told.silenced_checks)}});
}

} // namespace

void StoredAnswers::depend_on_program(const std::string& program) {
  for (const auto kind : {Dependency::Kind::real_path, Dependency::Kind::package}) {
    dependencies.push_back({kind, program, state_now(kind, program)});
  }
}

std::string text_of(const StoredAnswers& answers) {
  const auto dependencies = text_of(answers.dependencies);
  auto rest = fmt::format("{}\n", dependencies.size()) + dependencies;
  pack(value_of(answers.told), rest);
  for (const auto& [question, answer] : answers.exchanges) {
    pack(question, rest);
    pack(answer, rest);
  }
  return std::string(head) + sum_of(rest) + "\n" + rest;
}

std::optional<StoredText> stored_text(std::string_view text) {
  const auto begin = head.size() + digits + 1;
  if (!text.starts_with(head) || text.size() < begin ||
      text.substr(head.size(), digits) != sum_of(text.substr(begin))) {
    return std::nullopt;
  }
  text.remove_prefix(begin);
  const auto size = parse_integer(text.substr(0, text.find('\n')));
  text.remove_prefix(text.find('\n') + 1);
  if (!size || *size < 0 || static_cast<std::size_t>(*size) > text.size()) {
    return std::nullopt;
  }
  const auto length = static_cast<std::size_t>(*size);
  auto dependencies = dependencies_of(text.substr(0, length));
  return dependencies ? std::optional(StoredText{std::move(*dependencies), text.substr(length)})
                      : std::nullopt;
}

std::optional<StoredAnswers> answers_of(const StoredText& text) {
  auto rest = text.rest;
  const auto told = unpack(rest);
  if (!told) {
    return std::nullopt;
  }
  StoredAnswers answers;
  answers.told = {(*told)["python"].text(),          (*told)["django"].text(),
                  (*told)["settings_module"].text(), (*told)["base_dir"].text(),
                  words_of((*told)["source_dirs"]),  words_of((*told)["silenced_checks"])};
  while (!rest.empty()) {
    const auto question = unpack(rest);
    auto answer = question ? unpack(rest) : std::nullopt;
    if (!answer) {
      return std::nullopt;
    }
    answers.exchanges.push_back({question->text(), std::move(*answer)});
  }
  return answers;
}

} // namespace pgtool
