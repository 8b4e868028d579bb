#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace pgtool {

/// A JSON-like value: what a report's open-ended keys and the bridge's messages are made of.
/// Objects keep the order in which their keys were added.
class Value {
public:
  using Array = std::vector<Value>;
  using Object = std::vector<std::pair<std::string, Value>>;

  Value() = default;
  Value(std::nullptr_t) {}
  Value(bool data) : data_(data) {}
  Value(int data) : data_(std::int64_t{data}) {}
  Value(std::int64_t data) : data_(data) {}
  Value(double data) : data_(data) {}
  Value(const char* data) : data_(std::string(data)) {}
  Value(std::string_view data) : data_(std::string(data)) {}
  Value(std::string data) : data_(std::move(data)) {}
  Value(Array data) : data_(std::move(data)) {}
  Value(Object data) : data_(std::move(data)) {}

  static Value array() { return Value(Array{}); }
  static Value object() { return Value(Object{}); }
  static Value object(std::initializer_list<std::pair<std::string, Value>> members) {
    return Value(Object(members.begin(), members.end()));
  }

  [[nodiscard]] bool is_null() const { return data_.index() == 0; }
  [[nodiscard]] bool is_string() const { return std::holds_alternative<std::string>(data_); }
  [[nodiscard]] bool is_object() const { return std::holds_alternative<Object>(data_); }
  [[nodiscard]] bool is_array() const { return std::holds_alternative<Array>(data_); }
  [[nodiscard]] const auto& data() const { return data_; }

  /// The member of that name; a null value when there is none or this is no object.
  [[nodiscard]] const Value& operator[](std::string_view key) const;
  /// The elements of an array; empty for anything else.
  [[nodiscard]] const Array& elements() const;
  /// The members of an object; empty for anything else.
  [[nodiscard]] const Object& members() const;
  /// The text of a string, digits of a number, "true"/"false"; otherwise `fallback`.
  [[nodiscard]] std::string text(std::string_view fallback = {}) const;
  /// The number, also when it stands in a string; otherwise `fallback`.
  [[nodiscard]] std::int64_t number(std::int64_t fallback = 0) const;
  [[nodiscard]] double real(double fallback = 0) const;
  [[nodiscard]] bool truth(bool fallback = false) const;

  /// Sets a member of an object (made an object when it was null).
  void set(std::string_view key, Value value);
  /// Appends to an array (made an array when it was null).
  void add(Value value);

private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> data_;
};

} // namespace pgtool
