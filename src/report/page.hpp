#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

enum class Ink { plain, bold, faint, good, caution, bad };

/// Breaks text at spaces into lines of at most `width` columns; a longer word stays whole.
/// A line that begins with a space is kept as it is: it is something to copy.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

/// Lines of text under construction: paragraphs, headings and two-column tables that keep to a
/// width. Everything that is put in is made printable first.
class Page {
public:
  Page(std::size_t width, bool color) : width_(width), color_(color) {}

  struct Row {
    std::string label;
    std::string text;
    Ink ink = Ink::plain; ///< of the label
  };

  /// Text that starts `indent` columns in.
  void paragraph(std::string_view text, std::size_t indent = 0, Ink ink = Ink::plain);
  /// One line, however long: for those that cut it out of the text.
  void unbroken(std::string_view text, Ink ink = Ink::plain);
  /// An empty line and a title; drawn only once something follows it.
  void heading(std::string_view title);
  /// An empty line before whatever comes next.
  void gap();
  /// Labels in a column as wide as the widest of them, texts beside it.
  void table(const std::vector<Row>& rows, std::size_t indent = 2);

  [[nodiscard]] const std::string& text() const { return text_; }

private:
  void line(std::string_view content);
  [[nodiscard]] std::string inked(std::string_view content, Ink ink) const;

  std::size_t width_;
  bool color_;
  bool gap_wanted_ = false;
  std::string heading_;
  std::string text_;
};

} // namespace pgtool
