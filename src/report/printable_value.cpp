#include "report/printable_value.hpp"

#include "base/utf8.hpp"

namespace pgtool {

Value printable_value(const Value& value) {
  if (value.is_string()) {
    return printable(value.text());
  }
  if (value.is_array()) {
    Value array = Value::array();
    for (const auto& element : value.elements()) {
      array.add(printable_value(element));
    }
    return array;
  }
  if (!value.is_object()) {
    return value;
  }
  Value object = Value::object();
  for (const auto& [key, member] : value.members()) {
    object.set(printable(key), printable_value(member));
  }
  return object;
}

} // namespace pgtool
