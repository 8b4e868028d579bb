#include "sql/script.hpp"

#include "base/deep_stack.hpp"
#include "base/text.hpp"
#include "sql/parse_tree.hpp"
#include "sql/placeholders.hpp"
#include "sql/psql_lines.hpp"
#include "sql/quoted_part.hpp"
#include "sql/read_actions.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <pg_query.h>

namespace pgtool {
namespace {

struct Piece {
  std::size_t offset = 0;
  std::size_t length = 0;
};

/// Where statements end, as the scanner sees it; all of the text where even that does not go.
std::vector<Piece> split(const std::string& text) {
  std::vector<Piece> pieces;
  const auto found = pg_query_split_with_scanner(text.c_str());
  if (found.error == nullptr) {
    for (int at = 0; at < found.n_stmts; ++at) {
      const auto& one = *found.stmts[at];
      pieces.push_back(
          {static_cast<std::size_t>(one.stmt_location), static_cast<std::size_t>(one.stmt_len)});
    }
  }
  pg_query_free_split_result(found);
  // A parenthesis that is not closed hides the end of a statement from it.
  const auto seen = pieces.empty() ? 0 : pieces.back().offset + pieces.back().length;
  if (seen < text.size()) {
    pieces.push_back({seen, text.size() - seen});
  }
  return pieces;
}

class Reading {
public:
  explicit Reading(const std::string& text) : text_(text) {}

  std::vector<Statement> read() {
    if (text_.size() <= longest_parsed && parse_into(text_, {0, text_.size()})) {
      return std::move(statements_);
    }
    for (const auto& piece : split(text_)) {
      read_piece(piece);
    }
    return std::move(statements_);
  }

private:
  void read_piece(const Piece& piece) {
    const auto text = text_.substr(piece.offset, piece.length);
    if (blank_part(text) == text.size() || parse_into(text, piece)) {
      return;
    }
    if (text.find('%') != std::string::npos && text.size() <= longest_parsed) {
      const auto problem = problem_; // what is wrong with the text as it stands
      if (parse_into(without_placeholders(text), piece) ||
          parse_into(without_placeholders(text, "\"%s\""), piece)) {
        return;
      }
      problem_ = problem;
    }
    if (text.size() > longest_parsed) {
      return read_long(text, piece);
    }
    auto statement = begin(piece);
    statement.problem = problem_;
    statement.problem_line = line_at(piece.offset + problem_offset_);
    statement.locks.understood = false;
    statements_.push_back(std::move(statement));
  }

  /// Rows that are loaded are what makes a statement long: what stands before them says enough.
  void read_long(const std::string& text, const Piece& piece) {
    constexpr std::size_t longest_head = 8U << 10;
    const auto rows = lower(std::string_view(text).substr(0, longest_head)).find("values");
    auto statement = begin(piece);
    if (rows != std::string::npos) {
      const ParseTree head(text.substr(0, rows) + "VALUES (NULL)");
      if (head.statements().size() == 1 && head.statements().front().node.is("InsertStmt")) {
        read_statement(head.statements().front().node, statement);
        statements_.push_back(std::move(statement));
        return;
      }
    }
    statement.problem =
        fmt::format("it is longer than the {} kB that are parsed", longest_parsed >> 10);
    statement.problem_line = statement.line;
    statement.locks.understood = false;
    statements_.push_back(std::move(statement));
  }

  /// False, and nothing is read, when it does not parse.
  bool parse_into(const std::string& text, const Piece& piece) {
    if (text.size() > longest_parsed) {
      return false;
    }
    const ParseTree tree(text);
    if (!tree.error().empty()) {
      problem_ = tree.error();
      problem_offset_ = std::min(tree.error_offset(), text.size());
      return false;
    }
    for (const auto& one : tree.statements()) {
      // A text whose placeholders were replaced has other lengths.
      const bool is_as_written = text.size() == piece.length;
      auto statement = begin(is_as_written ? Piece{piece.offset + one.offset, one.length} : piece);
      read_statement(one.node, statement);
      statements_.push_back(std::move(statement));
    }
    return true;
  }

  Statement begin(Piece piece) {
    Statement statement;
    auto text = std::string_view(text_).substr(piece.offset, piece.length);
    const auto blanks = std::min(blank_part(text), text.size());
    statement.line = line_at(piece.offset + blanks);
    statement.text = trim(text.substr(blanks));
    return statement;
  }

  /// Statements come in order, so lines are counted once.
  int line_at(std::size_t offset) {
    if (offset < counted_) {
      counted_ = 0;
      line_ = 1;
    }
    const auto from = text_.begin() + static_cast<std::ptrdiff_t>(counted_);
    const auto to = text_.begin() + static_cast<std::ptrdiff_t>(std::min(offset, text_.size()));
    line_ += static_cast<int>(std::count(from, to, '\n'));
    counted_ = offset;
    return line_;
  }

  const std::string& text_;
  std::vector<Statement> statements_;
  std::string problem_;
  std::size_t problem_offset_ = 0;
  std::size_t counted_ = 0;
  int line_ = 1;
};

Statement of_inclusion(const PsqlInclusion& inclusion) {
  Statement statement;
  statement.text = inclusion.command;
  statement.line = inclusion.line;
  statement.actions.emplace_back(action::RunCode{inclusion.command, true});
  statement.locks.understood = false;
  return statement;
}

} // namespace

std::vector<Statement> read_script(const std::string& written) {
  auto text = written;
  std::replace(text.begin(), text.end(), '\0', ' '); // the parser ends at the first one
  std::vector<Statement> statements;
  const auto plain =
      text.find('\\') == std::string::npos ? PlainScript{text, {}} : without_psql_lines(text);
  run_on_stack(std::min(text.size(), longest_parsed) * stack_per_byte,
               [&] { statements = Reading(plain.text).read(); });
  for (const auto& inclusion : plain.inclusions) {
    const auto next = std::find_if(statements.begin(), statements.end(),
                                   [&](const Statement& one) { return one.line > inclusion.line; });
    statements.insert(next, of_inclusion(inclusion));
  }
  return statements;
}

} // namespace pgtool
