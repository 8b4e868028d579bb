#include "plan/written_table.hpp"

namespace pgtool {

WrittenTable written_table(std::string_view db_table) {
  constexpr std::string_view between = "\".\"";
  std::string_view text = db_table;
  if (text.size() > 1 && text.starts_with('"') && text.ends_with('"')) {
    text = text.substr(1, text.size() - 2);
  }
  const auto cut = text.find(between);
  return cut == std::string_view::npos
             ? WrittenTable{"", std::string(text)}
             : WrittenTable{std::string(text.substr(0, cut)),
                            std::string(text.substr(cut + between.size()))};
}

} // namespace pgtool
