#include "base/packed_value.hpp"

#include <cstdint>
#include <cstring>

namespace pgtool {
namespace {

constexpr int deepest = 200;

template <typename Number> void put(Number number, std::string& text) {
  text.append(reinterpret_cast<const char*>(&number), sizeof number);
}

void put_text(std::string_view words, std::string& text) {
  put(static_cast<std::uint32_t>(words.size()), text);
  text += words;
}

struct Packer {
  std::string& text;

  void operator()(std::monostate) const { text += 'n'; }
  void operator()(bool data) const { text += data ? 't' : 'f'; }
  void operator()(std::int64_t data) const { put(data, text += 'i'); }
  void operator()(double data) const { put(data, text += 'd'); }
  void operator()(const std::string& data) const { put_text(data, text += 's'); }
  void operator()(const Value::Array& elements) const {
    put(static_cast<std::uint32_t>(elements.size()), text += 'a');
    for (const auto& element : elements) {
      std::visit(*this, element.data());
    }
  }
  void operator()(const Value::Object& members) const {
    put(static_cast<std::uint32_t>(members.size()), text += 'o');
    for (const auto& [name, value] : members) {
      put_text(name, text);
      std::visit(*this, value.data());
    }
  }
};

/// Stops at the first thing that cannot be.
class Unpacker {
public:
  explicit Unpacker(std::string_view text) : text_(text) {}

  Value take(int depth = 0) {
    switch (depth < deepest ? take<char>() : '\0') {
    case 'n':
      return {};
    case 't':
      return true;
    case 'f':
      return false;
    case 'i':
      return take<std::int64_t>();
    case 'd':
      return take<double>();
    case 's':
      return take_text();
    case 'a':
      return take_array(depth + 1);
    case 'o':
      return take_object(depth + 1);
    default:
      failed_ = true;
      return {};
    }
  }
  [[nodiscard]] bool failed() const noexcept { return failed_; }
  [[nodiscard]] std::string_view rest() const noexcept { return text_; }

private:
  template <typename Number> Number take() {
    Number number{};
    if (text_.size() < sizeof number) {
      failed_ = true;
      return number;
    }
    std::memcpy(&number, text_.data(), sizeof number);
    text_.remove_prefix(sizeof number);
    return number;
  }

  std::string take_text() {
    const auto size = take<std::uint32_t>();
    failed_ = failed_ || size > text_.size();
    std::string words(failed_ ? std::string_view() : text_.substr(0, size));
    text_.remove_prefix(words.size());
    return words;
  }

  /// How many follow; each takes a byte at least.
  std::uint32_t take_count() {
    const auto count = take<std::uint32_t>();
    failed_ = failed_ || count > text_.size();
    return failed_ ? 0 : count;
  }

  Value take_array(int depth) {
    Value::Array elements;
    const auto count = take_count();
    elements.reserve(count);
    for (std::uint32_t at = 0; at < count && !failed_; ++at) {
      elements.push_back(take(depth));
    }
    return elements;
  }

  Value take_object(int depth) {
    Value::Object members;
    const auto count = take_count();
    members.reserve(count);
    for (std::uint32_t at = 0; at < count && !failed_; ++at) {
      auto name = take_text();
      members.emplace_back(std::move(name), take(depth));
    }
    return members;
  }

  std::string_view text_;
  bool failed_ = false;
};

} // namespace

void pack(const Value& value, std::string& text) { std::visit(Packer{text}, value.data()); }

std::optional<Value> unpack(std::string_view& text) {
  Unpacker unpacker(text);
  auto value = unpacker.take();
  text = unpacker.rest();
  return unpacker.failed() ? std::nullopt : std::optional(std::move(value));
}

} // namespace pgtool
