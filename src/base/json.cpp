#include "base/json.hpp"

#include "base/error.hpp"
#include "base/utf8.hpp"

#include <nlohmann/json.hpp>

#include <limits>

namespace pgtool {
namespace {

using Json = nlohmann::ordered_json;

// Deeper documents are attacks on the stack of whoever walks the value.
constexpr std::size_t deepest = 200;

/// Builds a Value from nlohmann's events, so that no second tree is made on the way.
class ValueBuilder : public nlohmann::json_sax<Json> {
public:
  bool null() override { return put({}); }
  bool boolean(bool data) override { return put(data); }
  bool number_integer(std::int64_t data) override { return put(data); }
  bool number_unsigned(std::uint64_t data) override {
    constexpr auto largest = std::uint64_t{std::numeric_limits<std::int64_t>::max()};
    return data <= largest ? put(static_cast<std::int64_t>(data)) : put(static_cast<double>(data));
  }
  bool number_float(double data, const std::string&) override { return put(data); }
  bool string(std::string& data) override { return put(std::move(data)); }
  bool binary(Json::binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(true); }
  bool start_array(std::size_t) override { return open(false); }
  bool key(std::string& name) override {
    open_.back().keys.push_back(std::move(name));
    return true;
  }
  bool end_object() override {
    Level level = close();
    Value::Object members;
    members.reserve(level.keys.size());
    for (std::size_t i = 0; i < level.keys.size(); ++i) {
      members.emplace_back(std::move(level.keys[i]), std::move(level.values[i]));
    }
    return put(Value(std::move(members)));
  }
  bool end_array() override { return put(Value(std::move(close().values))); }
  bool parse_error(std::size_t at, const std::string&, const Json::exception&) override {
    failed_at = at;
    return false;
  }

  Value result;
  std::size_t failed_at = 0;
  bool too_deep = false;

private:
  struct Level {
    std::vector<std::string> keys;
    Value::Array values;
  };

  bool put(Value value) {
    (open_.empty() ? result : open_.back().values.emplace_back()) = std::move(value);
    return true;
  }
  bool open(bool) {
    too_deep = open_.size() >= deepest;
    open_.emplace_back();
    return !too_deep;
  }
  Level close() {
    Level level = std::move(open_.back());
    open_.pop_back();
    return level;
  }

  std::vector<Level> open_;
};

bool is_surrogate_escape(std::string_view text, char from, char to) {
  return text.size() >= 6 && text[0] == '\\' && text[1] == 'u' && (text[2] | 0x20) == 'd' &&
         (text[3] | 0x20) >= from && (text[3] | 0x20) <= to;
}

bool is_high_surrogate(std::string_view text) {
  return is_surrogate_escape(text, '8', '9') || is_surrogate_escape(text, 'a', 'b');
}

/// Python writes a byte that was no UTF-8 (surrogateescape) as half a surrogate pair, which a
/// strict reader refuses. Such halves become U+FFFD.
std::string replace_lone_surrogates(std::string text) {
  for (auto at = text.find('\\'); at != std::string::npos; at = text.find('\\', at)) {
    const auto rest = std::string_view(text).substr(at);
    const bool high = is_high_surrogate(rest);
    const bool low = is_surrogate_escape(rest, 'c', 'f');
    const bool pair = high && is_surrogate_escape(rest.substr(6), 'c', 'f');
    if (pair) {
      at += 12;
    } else if (high || low) {
      text.replace(at, 6, "\\ufffd");
      at += 6;
    } else {
      at += 2;
    }
  }
  return text;
}

struct ToJson {
  Json operator()(std::monostate) const { return nullptr; }
  Json operator()(const Value::Array& elements) const {
    Json array = Json::array();
    for (const auto& element : elements) {
      array.push_back(std::visit(*this, element.data()));
    }
    return array;
  }
  Json operator()(const Value::Object& members) const {
    Json object = Json::object();
    for (const auto& [name, value] : members) {
      object[replace_invalid_utf8(name)] = std::visit(*this, value.data());
    }
    return object;
  }
  template <typename Plain> Json operator()(const Plain& data) const { return data; }
};

} // namespace

Value parse_json(std::string_view text, std::string_view source) {
  const std::string clean = replace_lone_surrogates(replace_invalid_utf8(text));
  ValueBuilder builder;
  if (Json::sax_parse(clean, &builder)) {
    return std::move(builder.result);
  }
  // nlohmann's own message quotes the document, which may hold a secret.
  const std::string name(source);
  if (builder.too_deep) {
    throw Error(Failure::unknown, name + " is nested too deeply to be read");
  }
  throw Error(Failure::unknown,
              name + " is not JSON (byte " + std::to_string(builder.failed_at) + ")");
}

std::string dump_json(const Value& value, int indent) {
  return std::visit(ToJson{}, value.data())
      .dump(indent, ' ', false, Json::error_handler_t::replace);
}

} // namespace pgtool
