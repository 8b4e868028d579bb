#include "base/text.hpp"
#include "sql/expressions.hpp"
#include "sql/parsed_statement.hpp"
#include "sql/read_statements.hpp"

namespace pgtool {
namespace {

using Actions = std::vector<Action>;

std::string value_of(const Node& statement) {
  std::string value;
  for (const auto& argument : statement.list("args")) {
    value += (value.empty() ? "" : ", ") + constant_of(argument).value_or("…");
  }
  return value;
}

void set(const Node& statement, Actions& actions) {
  const auto kind = statement.choice("kind");
  action::SetParameter set;
  set.name = kind == "VAR_RESET_ALL" ? "all" : lower(statement.text("name"));
  set.value = value_of(statement);
  set.local = statement.truth("is_local") || set.name == "transaction" ||
              set.name == "transaction snapshot";
  set.resets = kind == "VAR_RESET_ALL" || kind == "VAR_RESET" || kind == "VAR_SET_DEFAULT";
  actions.push_back(std::move(set));
}

void discard(const Node& statement, Actions& actions) {
  constexpr std::string_view prefix = "DISCARD_";
  auto what = std::string(statement.choice("target"));
  what.erase(0, what.starts_with(prefix) ? prefix.size() : 0);
  actions.push_back(action::Discard{std::move(what)});
}

void prepare(const Node& statement, Actions& actions) {
  actions.push_back(action::Prepare{std::string(statement.text("name"))});
}

void use_prepared(const Node& statement, Actions& actions) {
  actions.push_back(
      action::UsePrepared{std::string(statement.text("name")), statement.is("DeallocateStmt")});
}

void declare(const Node& statement, Actions& actions) {
  constexpr std::int64_t with_hold = 0x0020; // CURSOR_OPT_HOLD of parsenodes.h
  actions.push_back(action::DeclareCursor{std::string(statement.text("portalname")),
                                          (statement.number("options") & with_hold) != 0});
}

void use_cursor(const Node& statement, Actions& actions) {
  actions.push_back(action::UseCursor{std::string(statement.text("portalname"))});
}

void listen(const Node& statement, Actions& actions) {
  actions.push_back(action::Listen{std::string(statement.text("conditionname")), false});
}

void unlisten(const Node& statement, Actions& actions) {
  actions.push_back(action::Listen{std::string(statement.text("conditionname")), true});
}

void load(const Node& statement, Actions& actions) {
  actions.push_back(action::LoadLibrary{std::string(statement.text("filename"))});
}

void control(const Node& statement, Actions& actions) {
  using Step = action::TransactionStep;
  static const std::map<std::string_view, Step> steps{
      {"TRANS_STMT_BEGIN", Step::begin},         {"TRANS_STMT_START", Step::begin},
      {"TRANS_STMT_COMMIT", Step::commit},       {"TRANS_STMT_ROLLBACK", Step::rollback},
      {"TRANS_STMT_SAVEPOINT", Step::savepoint}, {"TRANS_STMT_RELEASE", Step::release},
      {"TRANS_STMT_PREPARE", Step::prepare},     {"TRANS_STMT_ROLLBACK_TO", Step::rollback_to},
  };
  const auto found = steps.find(statement.choice("kind"));
  actions.push_back(action::ControlTransaction{found != steps.end() ? found->second : Step::other,
                                               statement.truth("chain")});
}

void call(const Node& /*statement*/, Actions& actions) {
  actions.push_back(action::RunCode{"CALL", false});
}

} // namespace

const StatementReaders& session_readers() {
  static const StatementReaders table{
      {"CallStmt", call},
      {"ClosePortalStmt", use_cursor},
      {"DeallocateStmt", use_prepared},
      {"DeclareCursorStmt", declare},
      {"DiscardStmt", discard},
      {"ExecuteStmt", use_prepared},
      {"FetchStmt", use_cursor},
      {"ListenStmt", listen},
      {"LoadStmt", load},
      {"PrepareStmt", prepare},
      {"TransactionStmt", control},
      {"UnlistenStmt", unlisten},
      {"VariableSetStmt", set},
  };
  return table;
}

} // namespace pgtool
