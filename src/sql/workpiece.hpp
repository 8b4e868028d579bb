#pragma once

#include <functional>
#include <memory_resource>
#include <pg_query/pg_query.pb-c.h>
#include <string>

namespace pgtool {

/// The parse tree of one statement, to be changed and written as SQL again. It is freed as a whole:
/// what is hung into it need not be told apart.
class Workpiece {
public:
  explicit Workpiece(const std::string& sql);

  /// The only statement; null when there are others, none, or when it does not parse.
  [[nodiscard]] PgQuery__Node* statement() const;
  /// The whole as SQL, without a semicolon; "" when the library cannot write it so that the parser
  /// reads the same from it.
  [[nodiscard]] std::string text() const;
  /// The same of another statement in its place.
  [[nodiscard]] std::string text_of(PgQuery__Node node) const;
  /// An expression, or the name of a type, as SQL; "" when the library cannot write it.
  [[nodiscard]] std::string expression_text(PgQuery__Node* expression) const;
  [[nodiscard]] std::string type_text(PgQuery__TypeName* type) const;

  /// Stands for a name, which the library would not put into quotes, until named() puts it there.
  static constexpr const char* any_name = "pgtool_any_name";
  static std::string named(std::string text, const std::string& name);

  /// What lives as long as the tree.
  char* word(const std::string& text);
  PgQuery__Node** list(std::size_t count);
  template <typename Message> Message* make(void (*begin)(Message*)) {
    auto* message = static_cast<Message*>(allocate(&memory_, sizeof(Message)));
    begin(message);
    return message;
  }

private:
  static void* allocate(void* memory, std::size_t size);

  std::pmr::monotonic_buffer_resource memory_;
  PgQuery__ParseResult* root_ = nullptr;
};

/// Runs `work` on the tree of a statement, with room for its recursion; not where the statement is
/// too long to be parsed, or is not one.
void rework(const std::string& sql, const std::function<void(Workpiece&, PgQuery__Node&)>& work);

} // namespace pgtool
