#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct ProtobufCMessage;
struct ProtobufCFieldDescriptor;

namespace pgtool {

/// A look at one node of a parse tree, by the names that PostgreSQL's own structs have. What a
/// grammar does not have, or a statement does not say, is an absent node, an empty text, 0 or
/// false: so a newer grammar may be linked. Valid while its ParseTree lives.
class Node {
public:
  Node() = default;
  explicit Node(const ProtobufCMessage* message) : message_(message) {}

  [[nodiscard]] explicit operator bool() const { return message_ != nullptr; }
  /// "AlterTableStmt"; "" of an absent one.
  [[nodiscard]] std::string_view kind() const;
  [[nodiscard]] bool is(std::string_view name) const { return kind() == name; }
  /// This node when it is of that kind, otherwise an absent one.
  [[nodiscard]] Node as(std::string_view name) const { return is(name) ? *this : Node(); }

  [[nodiscard]] Node operator[](std::string_view field) const;
  [[nodiscard]] std::vector<Node> list(std::string_view field) const;
  [[nodiscard]] bool has_list(std::string_view field) const;
  [[nodiscard]] std::string_view text(std::string_view field) const;
  [[nodiscard]] std::int64_t number(std::string_view field) const;
  [[nodiscard]] bool truth(std::string_view field) const { return number(field) != 0; }
  /// The name of an enumerated value: "AT_AddColumn".
  [[nodiscard]] std::string_view choice(std::string_view field) const;
  /// Every node right below this one.
  [[nodiscard]] std::vector<Node> children() const;

private:
  const ProtobufCMessage* message_ = nullptr;
};

/// The statements of one text as the server's own parser reads them.
class ParseTree {
public:
  struct Statement {
    Node node;
    std::size_t offset = 0; ///< in bytes, of its first one; blanks and comments may come first
    std::size_t length = 0;
  };

  explicit ParseTree(const std::string& sql);

  /// What the parser objects to; "" when it understood everything.
  [[nodiscard]] const std::string& error() const { return error_; }
  [[nodiscard]] std::size_t error_offset() const { return error_offset_; }
  [[nodiscard]] const std::vector<Statement>& statements() const { return statements_; }

private:
  class Memory;
  struct Free {
    void operator()(Memory* memory) const;
  };
  std::unique_ptr<Memory, Free> memory_; ///< that the nodes lie in
  std::vector<Statement> statements_;
  std::string error_;
  std::size_t error_offset_ = 0;
};

/// A tree is built, walked and freed by functions that recurse, and a chain of operators is half as
/// deep as it is long: with libpg_query 15 a level took 1930 bytes of stack. See run_on_stack().
constexpr std::size_t stack_per_byte = 1200;

/// Longer statements are not parsed, so that their stack and their time stay bounded: for a chain
/// of operators the library takes the square of its length, one second for this many bytes.
constexpr std::size_t longest_parsed = 64U << 10;

/// The version of the grammar that is linked: "15".
std::string_view grammar_version();

} // namespace pgtool
