#pragma once

#include "pooler/config/pooler_config.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

/// A part of a YAML document as compose files and manifests need it: every scalar is a text,
/// aliases are shared, merge keys (`<<`) have been applied. Cheap to copy; never cyclic.
class Yaml {
public:
  using List = std::vector<Yaml>;
  using Map = std::map<std::string, Yaml, std::less<>>;
  struct Data;

  Yaml() = default;
  explicit Yaml(std::shared_ptr<const Data> data) : data_(std::move(data)) {}

  [[nodiscard]] bool is_null() const; ///< also what is not there
  [[nodiscard]] bool is_text() const;
  [[nodiscard]] bool is_list() const;
  [[nodiscard]] bool is_map() const;

  /// The scalar; "" for everything else.
  [[nodiscard]] const std::string& text() const;
  /// The elements of a list; none for everything else.
  [[nodiscard]] const List& elements() const;
  /// The members of a map; none for everything else.
  [[nodiscard]] const Map& members() const;
  /// The member of that name; null when there is none.
  [[nodiscard]] const Yaml& operator[](std::string_view key) const;
  /// From 1; 0 for what is not there.
  [[nodiscard]] int line() const;
  /// How many parts it has, those that aliases repeat counted each time.
  [[nodiscard]] std::size_t weight() const;

private:
  std::shared_ptr<const Data> data_;
};

struct YamlReading {
  std::vector<Yaml> documents; ///< those that could be read
  std::vector<ConfigProblem> problems;
};

/// Reads all documents of a text; one that cannot be read does not take the others with it. A text
/// above 1 MiB, nesting beyond 64 levels and more than 100,000 parts (aliases counted as often as
/// they are used) are refused. A tag `!reset` makes null.
YamlReading parse_yaml(const ConfigText& source);

} // namespace pgtool
