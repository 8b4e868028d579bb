#include "commands/migrate/sequences_behind.hpp"

#include "base/text.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool {
namespace {

constexpr double longest = 1; ///< seconds for all of them
constexpr int at_once = 100;  ///< columns per statement
constexpr int names_at_most = 3;

constexpr const char* owned_sequences = R"sql(
select format('%I.%I', sn.nspname, s.relname) as sequence, format('%I.%I', tn.nspname, t.relname) as "table",
       quote_ident(a.attname) as "column", q.seqincrement as step,
       has_table_privilege(t.oid, 'SELECT') and has_sequence_privilege(s.oid, 'SELECT') as readable
  from pg_depend d
  join pg_class s on s.oid = d.objid and s.relkind = 'S' join pg_namespace sn on sn.oid = s.relnamespace
  join pg_sequence q on q.seqrelid = s.oid and q.seqincrement > 0
  join pg_class t on t.oid = d.refobjid and t.relkind in ('r', 'p') join pg_namespace tn on tn.oid = t.relnamespace
  join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid
 where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
   and tn.nspname = any ($1::text[]) and t.relpersistence <> 't'
   and exists (select from pg_index i join pg_class x on x.oid = i.indexrelid
                where i.indrelid = t.oid and i.indkey[0] = a.attnum and i.indisvalid and i.indpred is null)
 order by 2, 3)sql";

/// Lets nothing wait for long: a migration elsewhere may hold one of the tables.
class Briefly {
public:
  explicit Briefly(Connection& session) : session_(session) {
    session_.attempt("set lock_timeout = '100ms'; set statement_timeout = '1s'");
  }
  Briefly(const Briefly&) = delete;
  Briefly& operator=(const Briefly&) = delete;
  ~Briefly() { session_.attempt("reset lock_timeout; reset statement_timeout"); }

private:
  Connection& session_;
};

std::string question(const Rows& sequences, const std::vector<int>& rows) {
  std::string sql;
  for (const int row : rows) {
    sql += fmt::format("{}select {} as place, (select max({}) from {})::text as greatest,"
                       " (select last_value + case when is_called then {} else 0 end from {})::text"
                       " as next",
                       sql.empty() ? "" : " union all ", row, sequences.text(row, "column"),
                       sequences.text(row, "table"), sequences.text(row, "step"),
                       sequences.text(row, "sequence"));
  }
  return sql;
}

void judge(const Rows& sequences, const Rows& greatest, Checked& checked) {
  for (int at = 0; at < greatest.size(); ++at) {
    const auto row = static_cast<int>(parse_integer(greatest.text(at, "place")).value_or(0));
    const auto most = parse_integer(greatest.text(at, "greatest"));
    const auto next = parse_integer(greatest.text(at, "next"));
    if (!most || !next || *next > *most) {
      continue;
    }
    Finding finding;
    finding.rule = "sequence-behind";
    const auto table = sequences.text(row, "table");
    finding.message = fmt::format(
        "{} would give {} next, and {}.{} goes up to {}: inserts will fail",
        sequences.text(row, "sequence"), *next, table, sequences.text(row, "column"), *most);
    finding.where.object = sequences.text(row, "sequence");
    finding.remedy = fmt::format("SELECT setval({}, (SELECT max({}) FROM {}));",
                                 quote_literal(sequences.text(row, "sequence")),
                                 sequences.text(row, "column"), table);
    checked.findings.push_back(std::move(finding));
  }
}

void add_unknown(const std::vector<std::string>& names, const std::string& why,
                 const std::string& cure, Checked& checked) {
  if (names.empty()) {
    return;
  }
  auto shown = names;
  shown.resize(std::min<std::size_t>(names.size(), names_at_most));
  const auto more = names.size() - shown.size();
  checked.unknown.push_back(
      {"sequences of " + join(shown, ", ") + (more == 0 ? "" : fmt::format(" and {} more", more)),
       why, cure});
}

} // namespace

Checked sequences_behind(DirectSession& session) {
  Checked checked;
  auto& connection = session.connection();
  const auto began = Clock::now();
  const auto found = connection.attempt(owned_sequences, {session.facts().schemas});
  if (!found.ok()) {
    checked.unknown.push_back({"sequences behind their columns", found.refusal->message, ""});
    return checked;
  }
  const auto& sequences = found.rows;
  std::vector<std::string> unreadable;
  std::vector<std::string> unlooked;
  const Briefly briefly(connection);
  for (int row = 0; row < sequences.size();) {
    std::vector<int> rows;
    for (; row < sequences.size() && static_cast<int>(rows.size()) < at_once; ++row) {
      sequences.truth(row, "readable") ? rows.push_back(row)
                                       : unreadable.push_back(sequences.text(row, "table"));
    }
    const auto ask = [&](const std::vector<int>& asked) {
      const bool in_time = !asked.empty() && seconds_since(began) < longest;
      const auto answer =
          in_time ? connection.attempt(question(sequences, asked)) : Outcome{{}, Refusal{}};
      judge(sequences, answer.rows, checked);
      return answer.ok() || asked.empty();
    };
    if (ask(rows)) {
      continue;
    }
    for (const int one : rows) { // somebody holds one of them
      if (!ask({one})) {
        unlooked.push_back(sequences.text(one, "table"));
      }
    }
  }
  add_unknown(
      unreadable, "this role may not read them",
      fmt::format("GRANT SELECT ON these tables and their sequences TO {}", session.facts().user),
      checked);
  add_unknown(unlooked, "others hold them, or it would have taken too long", "", checked);
  return checked;
}

} // namespace pgtool
