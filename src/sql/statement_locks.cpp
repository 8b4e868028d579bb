#include "sql/statement_locks.hpp"
#include "base/json.hpp"
#include "base/value.hpp"
#include <pg_query.h>
#include <algorithm>
namespace pgtool {
bool conflicts(LockMode a, LockMode b) {
  static const int t[8] = {0x80, 0xC0, 0xF0, 0xF8, 0xEC, 0xFC, 0xFE, 0xFF};
  return (t[static_cast<int>(a)] >> static_cast<int>(b)) & 1;
}
std::string_view lock_mode_name(LockMode m) {
  static const char* n[] = {"AccessShareLock","RowShareLock","RowExclusiveLock","ShareUpdateExclusiveLock","ShareLock","ShareRowExclusiveLock","ExclusiveLock","AccessExclusiveLock"};
  return n[static_cast<int>(m)];
}
bool StatementLocks::strong() const {
  return !understood || std::any_of(locks.begin(), locks.end(), [](auto& l){ return l.mode >= LockMode::share; });
}
static Relation rel(const Value& v) { return {v["schemaname"].text(), v["relname"].text()}; }
static void add(StatementLocks& s, Relation r, LockMode m, bool index=false) {
  for (auto& c : s.creates) if (c.name == r.name) return;
  s.locks.push_back({r, index, m});
}
static void one(StatementLocks& s, const std::string& kind, const Value& v) {
  if (kind == "AlterTableStmt") {
    LockMode m = LockMode::share_update_exclusive;
    for (auto& c : v["cmds"].elements()) {
      auto t = c["AlterTableCmd"]["subtype"].text();
      auto& con = c["AlterTableCmd"]["def"]["Constraint"];
      if (t == "AT_ValidateConstraint" || t == "AT_SetStatistics" || t=="AT_SetRelOptions") continue;
      if (t == "AT_AddConstraint" && con["contype"].text() == "CONSTR_FOREIGN") { m = std::max(m, LockMode::share_row_exclusive); add(s, rel(con["pktable"]), LockMode::share_row_exclusive); continue; }
      for (auto& k : c["AlterTableCmd"]["def"]["ColumnDef"]["constraints"].elements())
        if (k["Constraint"]["contype"].text() == "CONSTR_FOREIGN") add(s, rel(k["Constraint"]["pktable"]), LockMode::share_row_exclusive);
      m = LockMode::access_exclusive;
    }
    add(s, rel(v["relation"]), m);
  } else if (kind == "IndexStmt") {
    add(s, rel(v["relation"]), v["concurrent"].truth() ? LockMode::share_update_exclusive : LockMode::share);
    s.outside_transactions |= v["concurrent"].truth();
    if (v["concurrent"].truth()) { s.concurrent_table = rel(v["relation"]); s.concurrent_index = Relation{s.concurrent_table->schema, v["idxname"].text()}; }
  } else if (kind == "CreateStmt") {
    s.creates.push_back(rel(v["relation"]));
    for (auto& e : v["tableElts"].elements())
      for (auto& k : e["ColumnDef"]["constraints"].elements())
        if (k["Constraint"]["contype"].text() == "CONSTR_FOREIGN") add(s, rel(k["Constraint"]["pktable"]), LockMode::share_row_exclusive);
  } else if (kind == "DropStmt") {
    bool index = v["removeType"].text() == "OBJECT_INDEX";
    for (auto& o : v["objects"].elements()) {
      auto& items = o["List"]["items"].elements();
      Relation r; if (!items.empty()) { r.name = items.back()["String"]["sval"].text(items.back()["String"]["str"].text()); if (items.size() > 1) r.schema = items[items.size()-2]["String"]["sval"].text(items[items.size()-2]["String"]["str"].text()); }
      add(s, r, v["concurrent"].truth() ? LockMode::share_update_exclusive : LockMode::access_exclusive, index);
    }
    s.outside_transactions |= v["concurrent"].truth();
  } else if (kind == "RenameStmt") { add(s, rel(v["relation"]), LockMode::access_exclusive);
  } else if (kind == "LockStmt") { for (auto& r : v["relations"].elements()) add(s, rel(r["RangeVar"]), LockMode::access_exclusive);
  } else if (kind == "VariableSetStmt") { s.sets.push_back(v["kind"].text() == "VAR_RESET_ALL" ? "all" : v["name"].text());
  } else if (kind == "TransactionStmt") { s.controls_transaction = true;
  } else if (kind == "DoStmt" || kind == "CallStmt") { s.understood = false; }
}
StatementLocks statement_locks(const std::string& sql) {
  StatementLocks s;
  auto r = pg_query_parse(sql.c_str());
  if (r.error) { s.understood = false; }
  else {
    auto v = parse_json(r.parse_tree, "tree");
    for (auto& st : v["stmts"].elements()) { ++s.statements; for (auto& [k, x] : st["stmt"].members()) one(s, k, x); }
  }
  pg_query_free_parse_result(r);
  return s;
}
}
