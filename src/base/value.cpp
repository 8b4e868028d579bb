#include "base/value.hpp"

#include <charconv>

namespace pgtool {

const Value& Value::operator[](std::string_view key) const {
  static const Value none;
  for (const auto& [name, value] : members()) {
    if (name == key) {
      return value;
    }
  }
  return none;
}

const Value::Array& Value::elements() const {
  static const Array none;
  const auto* array = std::get_if<Array>(&data_);
  return array != nullptr ? *array : none;
}

const Value::Object& Value::members() const {
  static const Object none;
  const auto* object = std::get_if<Object>(&data_);
  return object != nullptr ? *object : none;
}

std::string Value::text(std::string_view fallback) const {
  if (const auto* string = std::get_if<std::string>(&data_)) {
    return *string;
  }
  if (const auto* number = std::get_if<std::int64_t>(&data_)) {
    return std::to_string(*number);
  }
  if (const auto* boolean = std::get_if<bool>(&data_)) {
    return *boolean ? "true" : "false";
  }
  return std::string(fallback);
}

std::int64_t Value::number(std::int64_t fallback) const {
  if (const auto* number = std::get_if<std::int64_t>(&data_)) {
    return *number;
  }
  if (const auto* string = std::get_if<std::string>(&data_)) {
    std::int64_t parsed = 0;
    const char* end = string->data() + string->size();
    const auto [stop, code] = std::from_chars(string->data(), end, parsed);
    return code == std::errc{} && stop == end ? parsed : fallback;
  }
  return fallback;
}

double Value::real(double fallback) const {
  if (const auto* real = std::get_if<double>(&data_)) {
    return *real;
  }
  const auto* number = std::get_if<std::int64_t>(&data_);
  return number != nullptr ? static_cast<double>(*number) : fallback;
}

bool Value::truth(bool fallback) const {
  const auto* boolean = std::get_if<bool>(&data_);
  return boolean != nullptr ? *boolean : fallback;
}

void Value::set(std::string_view key, Value value) {
  if (is_null()) {
    data_ = Object{};
  }
  auto& object = std::get<Object>(data_);
  for (auto& [name, member] : object) {
    if (name == key) {
      member = std::move(value);
      return;
    }
  }
  object.emplace_back(key, std::move(value));
}

void Value::add(Value value) {
  if (is_null()) {
    data_ = Array{};
  }
  std::get<Array>(data_).push_back(std::move(value));
}

} // namespace pgtool
