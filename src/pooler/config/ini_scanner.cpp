#include "pooler/config/ini_scanner.hpp"

#include <algorithm>

namespace pgtool {
namespace {

constexpr std::string_view white_space = " \t\n\v\f\r";
constexpr std::string_view blanks = " \t";
constexpr std::string_view include_word = "%include";
constexpr std::string_view key_letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-*";

} // namespace

bool IniScanner::sees(std::string_view letters) const {
  return at_ < text_.size() && letters.find(text_[at_]) != std::string_view::npos;
}

void IniScanner::move_to(std::size_t position) {
  const auto passed = text_.substr(at_, position - at_);
  line_ += static_cast<int>(std::count(passed.begin(), passed.end(), '\n'));
  at_ = position;
}

void IniScanner::skip(std::string_view letters) {
  move_to(std::min(text_.find_first_not_of(letters, at_), text_.size()));
}

std::size_t IniScanner::line_end(std::size_t from) const {
  return std::min(text_.find('\n', from), text_.size());
}

std::optional<IniItem> IniScanner::next() {
  for (skip(white_space); sees("#;"); skip(white_space)) {
    move_to(line_end(at_));
  }
  if (at_ == text_.size()) {
    return std::nullopt;
  }
  const auto rest = text_.substr(at_);
  if (rest.starts_with(include_word) && rest.size() > include_word.size() &&
      blanks.find(rest[include_word.size()]) != std::string_view::npos) {
    return include();
  }
  return rest.front() == '[' ? section() : entry();
}

IniItem IniScanner::include() {
  const int line = line_;
  at_ += include_word.size();
  return {IniItem::Kind::include, line, value(), {}};
}

IniItem IniScanner::section() {
  const auto begin = at_;
  const auto end = text_.find_first_of("]\n", begin);
  if (end == std::string_view::npos || text_[end] == '\n') {
    return broken(begin, line_);
  }
  at_ = end + 1;
  return {IniItem::Kind::section, line_, text_.substr(begin + 1, end - begin - 1), {}};
}

IniItem IniScanner::entry() {
  const auto begin = at_;
  const int line = line_;
  const auto name = key();
  skip(blanks);
  if (!name || !sees("=")) {
    return broken(begin, line);
  }
  ++at_;
  return {IniItem::Kind::entry, line, *name, value()};
}

std::optional<std::string_view> IniScanner::key() {
  if (!sees("'")) {
    const auto begin = at_;
    skip(key_letters);
    return text_.substr(begin, at_ - begin);
  }
  const auto begin = at_ + 1;
  const auto end = text_.find('\'', begin);
  if (end == std::string_view::npos || end == begin) {
    return std::nullopt;
  }
  move_to(end + 1);
  return text_.substr(begin, end - begin);
}

std::string_view IniScanner::value() {
  skip(blanks);
  const auto text = text_.substr(at_, line_end(at_) - at_);
  at_ += text.size();
  return text.substr(0, text.find_last_not_of(white_space) + 1);
}

IniItem IniScanner::broken(std::size_t begin, int line) {
  at_ = line_end(begin);
  line_ = line;
  return {IniItem::Kind::broken, line, {}, {}};
}

} // namespace pgtool
