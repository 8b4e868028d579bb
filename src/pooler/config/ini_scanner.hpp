#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace pgtool {

/// One thing that stands in a pgbouncer.ini.
struct IniItem {
  enum class Kind { section, entry, include, broken };
  Kind kind = Kind::broken;
  int line = 1;           ///< where it begins, from 1
  std::string_view name;  ///< of the section or the key; the path of an include
  std::string_view value; ///< of an entry
};

/// Takes a text apart as PgBouncer's own parser does (measured on 1.18): a comment is a line of its
/// own, a value runs to the end of its line, and something may stand behind a section's bracket on
/// the same line. A `'quoted key'` is what newer versions read. Where PgBouncer would give up there
/// is an item of the kind `broken`, and the next line goes on. The items point into the text.
class IniScanner {
public:
  explicit IniScanner(std::string_view text) : text_(text) {}
  std::optional<IniItem> next();

private:
  IniItem include();
  IniItem section();
  IniItem entry();
  IniItem broken(std::size_t begin, int line);
  std::optional<std::string_view> key();
  std::string_view value();
  void move_to(std::size_t position);
  void skip(std::string_view letters);
  [[nodiscard]] std::size_t line_end(std::size_t from) const;
  [[nodiscard]] bool sees(std::string_view letters) const;

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
};

} // namespace pgtool
