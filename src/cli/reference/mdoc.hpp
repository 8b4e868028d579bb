#pragma once

#include <string>
#include <string_view>

namespace pgtool {

/// A man page in the mdoc language, under construction. Prose is made safe for the formatter:
/// each sentence gets a line, `code` in backticks becomes literal.
class Mdoc {
public:
  /// The page `title`(`section`), whose NAME section says what it is.
  Mdoc(std::string_view title, int section, std::string_view summary);

  void heading(std::string_view title);
  void subheading(std::string_view title);
  void paragraph(std::string_view text);
  void text(std::string_view text);
  /// A macro with arguments that are already mdoc: ".Fl -plan".
  void macro(std::string_view line);
  /// Lines to be shown as they are.
  void literal(std::string_view lines);

  void begin_list();
  /// An entry of the list; the tag is mdoc: "Fl -plan".
  void item(std::string_view tag);
  void end_list();

  [[nodiscard]] const std::string& page() const { return page_; }

private:
  std::string page_;
};

/// A word, not empty, as the argument of a macro: hyphens that can be copied, nothing taken for a
/// macro.
std::string mdoc_word(std::string_view word);

} // namespace pgtool
