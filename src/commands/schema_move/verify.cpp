#include "commands/schema_move/verify.hpp"

#include "base/text.hpp"
#include "commands/schema_move/findings.hpp"
#include "commands/schema_move/planning.hpp"
#include "pg/connect.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <set>

namespace pgtool {
namespace {

constexpr int fresh_transactions = 5;

constexpr const char* misplaced_query = R"sql(
select i.identity
  from pgtool.schema_move m
  cross join lateral pg_identify_object(split_part(m.name, '/', 1)::oid,
                                        split_part(m.name, '/', 2)::oid, 0) i
 where m.what = 'object' and i.identity is not null and i.schema is distinct from quote_ident($1)
 order by 1)sql";

constexpr const char* twins_query = R"sql(
select c.relname::text as name, string_agg(n.nspname, ', ' order by n.nspname) as schemas
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where n.nspname in ({}) and c.relkind in ('r', 'p', 'f', 'v', 'm', 'S')
 group by c.relname
having count(*) > 1 and bool_or(n.nspname = {})
 order by 1)sql";

class Verification {
public:
  Verification(MoveGround& ground, const MovePlan& plan, const Ledger& ledger,
               const NameFilter& filter)
      : ground_(ground), plan_(plan), ledger_(ledger), filter_(filter) {}

  MoveCheck run() {
    look_for_left_behind();
    look_at_recorded();
    for (const auto& role : plan_.roles) {
      look_at_role(role);
    }
    for (const auto& alias : ground_.aliases) {
      look_through_pooler(alias);
    }
    return std::move(check_);
  }

private:
  Connection& session() { return ground_.connection(); }

  void object(const char* rule, std::string message, std::string remedy) {
    check_.findings.push_back({.rule = rule,
                               .severity = Severity::error,
                               .message = std::move(message),
                               .remedy = std::move(remedy)});
  }

  void look_for_left_behind() {
    const auto left = current_inventory(session(), plan_, ledger_, filter_);
    if (left.objects.empty()) {
      check_.seen.push_back(fmt::format("nothing that belongs into schema {} is left in {}",
                                        plan_.filled(), plan_.emptied()));
      return;
    }
    std::vector<std::string> names;
    for (const auto& one : left.objects) {
      names.push_back(one.identity);
    }
    object("left-behind",
           fmt::format("{} in schema {}: {}", counted(left), plan_.emptied(), listed(names)),
           "pgtool schema-move --to " + plan_.schemas.target + (plan_.undo ? " --undo" : "") +
               " moves what is left");
  }

  void look_at_recorded() {
    if (ledger_.objects.empty() || plan_.undo) {
      return;
    }
    const auto rows = session().query(misplaced_query, {plan_.filled()});
    std::vector<std::string> names;
    for (int row = 0; row < rows.size(); ++row) {
      names.push_back(rows.text(row, "identity"));
    }
    if (names.empty()) {
      check_.seen.push_back(fmt::format("all {} recorded objects are in schema {}",
                                        ledger_.objects.size(), plan_.filled()));
    } else {
      object("not-in-place", fmt::format("moved once, and elsewhere now: {}", listed(names)),
             "find out who moved them");
    }
  }

  void look_at_role(const RoleMove& role) {
    const auto after = plan_.after(role);
    if (!MovePlan::is_set(role, after)) {
      object("path-differs",
             fmt::format("role {} has {}, not {}", role.role,
                         role.setting ? "search_path " + *role.setting : "no search_path",
                         after ? search_path_text(*after) : "none"),
             "run the move again");
      return;
    }
    check_.seen.push_back(fmt::format("role {} has {}", role.role,
                                      after ? "search_path " + search_path_text(*after)
                                            : "no search_path of its own"));
    look_for_twins(role, after.value_or(role.before));
  }

  void look_for_twins(const RoleMove& role, SearchPath path) {
    std::replace(path.begin(), path.end(), std::string("$user"), role.role);
    if (path.empty()) {
      return;
    }
    const auto rows = session().query(fmt::format(fmt::runtime(twins_query), quote_literals(path),
                                                  quote_literal(plan_.filled())));
    std::vector<std::string> names;
    for (int row = 0; row < rows.size(); ++row) {
      names.push_back(rows.text(row, "name") + " (" + rows.text(row, "schemas") + ")");
    }
    if (!names.empty()) {
      object("name-in-two-schemas",
             fmt::format("role {} sees these names in more than one schema of its path: {}",
                         role.role, listed(names)),
             "drop or rename the ones that are not needed");
    }
  }

  /// What fresh sessions there say of their path, each in a transaction of its own.
  void look_through_pooler(const MoveAlias& alias) {
    const auto* role = find_role(plan_, alias.role);
    if (role == nullptr || alias.standby) {
      return;
    }
    auto endpoint = alias.request.known.pooled;
    endpoint.set("application_name", ""); // the pooler would leave ours on its server
    endpoint.set("options", "");
    const auto expected = path_in_force(*role);
    const auto where = fmt::format("fresh sessions of role {} at {}", role->role, endpoint.place());
    auto opened = std::move(connect_side_by_side({endpoint}, alias.request.timeout).front());
    if (!opened.connection) {
      check_.unknown.push_back({where, first_line(opened.failure.refusal.message),
                                "look again with --verify when the pooler answers"});
      return;
    }
    std::set<std::string> others;
    for (int i = 0; i < fresh_transactions; ++i) {
      const auto answer =
          opened.connection->attempt("select current_setting('search_path') as path");
      if (!answer.ok()) {
        check_.unknown.push_back({where, answer.refusal->message, ""});
        return;
      }
      const auto path = answer.rows.text(0, "path");
      if (parse_search_path(path) != expected) {
        others.insert(path);
      }
    }
    if (others.empty()) {
      check_.seen.push_back(fmt::format("{} see {}", where, search_path_text(expected)));
    } else {
      object("stale-path",
             fmt::format("{} see search_path {}, not {}", where, *others.begin(),
                         search_path_text(expected)),
             "something sets it elsewhere: OPTIONS, PGOPTIONS, connect_query, or SET in the "
             "application");
    }
  }

  MoveGround& ground_;
  const MovePlan& plan_;
  const Ledger& ledger_;
  const NameFilter& filter_;
  MoveCheck check_;
};

} // namespace

const RoleMove* find_role(const MovePlan& plan, const std::string& role) {
  const auto found = std::find_if(plan.roles.begin(), plan.roles.end(),
                                  [&](const auto& one) { return one.role == role; });
  return found != plan.roles.end() ? &*found : nullptr;
}

SearchPath path_in_force(const RoleMove& role) {
  const auto set = role.setting ? parse_search_path(*role.setting) : std::nullopt;
  return set.value_or(role.before);
}

MoveCheck verify_move(MoveGround& ground, const MovePlan& plan, const Ledger& ledger,
                      const NameFilter& filter) {
  return Verification(ground, plan, ledger, filter).run();
}

} // namespace pgtool
