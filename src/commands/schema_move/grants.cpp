#include "commands/schema_move/grants.hpp"

#include "sql/quote.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool {
namespace {

constexpr const char* schema_query = "select 1 from pg_namespace where nspname = $1";

// PUBLIC is grantee 0. What the target's owner has by owning it needs no grant.
constexpr const char* grants_query = R"sql(
select coalesce(r.rolname, '') as grantee, a.privilege_type, a.is_grantable
  from pg_namespace n
  cross join lateral aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
  left join pg_roles r on r.oid = a.grantee
 where n.nspname = $1 and r.rolname is distinct from $3
   and not exists (
     select from pg_namespace t
      cross join lateral aclexplode(coalesce(t.nspacl, acldefault('n', t.nspowner))) b
      where t.nspname = $2 and b.grantee = a.grantee and b.privilege_type = a.privilege_type)
 order by 1, 2)sql";

constexpr const char* defaults_query = R"sql(
select owner.rolname as owner, d.defaclobjtype as kind, coalesce(r.rolname, '') as grantee,
       a.privilege_type, a.is_grantable, pg_has_role(owner.oid, 'usage') as ours
  from pg_default_acl d
  join pg_namespace n on n.oid = d.defaclnamespace and n.nspname = $1
  join pg_roles owner on owner.oid = d.defaclrole
  cross join lateral aclexplode(d.defaclacl) a
  left join pg_roles r on r.oid = a.grantee
 where not exists (
     select from pg_default_acl e
      join pg_namespace t on t.oid = e.defaclnamespace and t.nspname = $2
      cross join lateral aclexplode(e.defaclacl) b
      where e.defaclrole = d.defaclrole and e.defaclobjtype = d.defaclobjtype
        and b.grantee = a.grantee and b.privilege_type = a.privilege_type)
 order by 1, 2, 3, 4)sql";

constexpr const char* creators_query = R"sql(
select coalesce(r.rolname, '') as grantee
  from pg_namespace n
  cross join lateral aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
  left join pg_roles r on r.oid = a.grantee
 where n.nspname = $1 and a.privilege_type = 'CREATE'
 order by 1)sql";

std::string grantee_sql(const std::string& role) {
  return role.empty() ? "PUBLIC" : quote_identifier(role);
}

std::string kind_words(const std::string& kind) {
  return kind == "r" ? "TABLES" : kind == "S" ? "SEQUENCES" : kind == "f" ? "FUNCTIONS" : "TYPES";
}

/// Those of the row; PUBLIC is none.
std::vector<std::string> named_roles(const Rows& rows, int row) {
  std::vector<std::string> roles;
  for (const char* column : {"grantee", "owner"}) {
    if (auto role = rows.text(row, column); !role.empty()) {
      roles.push_back(std::move(role));
    }
  }
  return roles;
}

void add_schema_grants(Connection& session, MovePlan& plan) {
  const auto rows =
      session.query(grants_query, {plan.schemas.source, plan.schemas.target, plan.schema_owner});
  const auto target = quote_identifier(plan.schemas.target);
  for (int row = 0; row < rows.size(); ++row) {
    const auto privilege = rows.text(row, "privilege_type");
    const bool for_all = rows.text(row, "grantee").empty();
    // A schema where everybody may create things, first on a path, is open to whoever shadows a
    // name (CVE-2018-1058); one that was there may have been kept from others on purpose.
    if (for_all && (privilege == "CREATE" || !plan.creates_schema)) {
      continue;
    }
    const auto grantee = grantee_sql(rows.text(row, "grantee"));
    plan.grants.push_back(
        {fmt::format("GRANT {} ON SCHEMA {} TO {}{}", privilege, target, grantee,
                     rows.truth(row, "is_grantable") ? " WITH GRANT OPTION" : ""),
         fmt::format("REVOKE {} ON SCHEMA {} FROM {}", privilege, target, grantee),
         named_roles(rows, row)});
  }
}

constexpr const char* lacking_query = R"sql(
select p.privilege
  from (values ('USAGE'), ('CREATE')) p(privilege)
 where has_schema_privilege($1, (select oid from pg_namespace where nspname = $2), p.privilege)
   and not coalesce((select has_schema_privilege($1, oid, p.privilege)
                       from pg_namespace where nspname = $3), false))sql";

/// What the roles of the move had in the source, by whatever grant, they have in the target.
void add_role_grants(Connection& session, MovePlan& plan) {
  for (const auto& role : plan.roles) {
    if (role.role == plan.schema_owner) {
      continue;
    }
    const auto rows =
        session.query(lacking_query, {role.role, plan.schemas.source, plan.schemas.target});
    for (int row = 0; row < rows.size(); ++row) {
      const auto privilege = rows.text(row, "privilege");
      const auto words =
          fmt::format("{} ON SCHEMA {}", privilege, quote_identifier(plan.schemas.target));
      const auto grantee = quote_identifier(role.role);
      PrivilegeChange change{fmt::format("GRANT {} TO {}", words, grantee),
                             fmt::format("REVOKE {} FROM {}", words, grantee),
                             {role.role}};
      const bool known = std::any_of(plan.grants.begin(), plan.grants.end(), [&](const auto& one) {
        return one.statement == change.statement;
      });
      if (!known) {
        plan.grants.push_back(std::move(change));
      }
    }
  }
}

void add_default_privileges(Connection& session, MovePlan& plan) {
  const auto rows = session.query(defaults_query, {plan.schemas.source, plan.schemas.target});
  for (int row = 0; row < rows.size(); ++row) {
    const auto begin = fmt::format("ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA {}",
                                   quote_identifier(rows.text(row, "owner")),
                                   quote_identifier(plan.schemas.target));
    const auto what = fmt::format("{} ON {}", rows.text(row, "privilege_type"),
                                  kind_words(rows.text(row, "kind")));
    const auto grantee = grantee_sql(rows.text(row, "grantee"));
    auto grant = fmt::format("{} GRANT {} TO {}{}", begin, what, grantee,
                             rows.truth(row, "is_grantable") ? " WITH GRANT OPTION" : "");
    if (!rows.truth(row, "ours")) {
      plan.grants_of_others.push_back(std::move(grant));
      continue;
    }
    plan.grants.push_back({std::move(grant),
                           fmt::format("{} REVOKE {} FROM {}", begin, what, grantee),
                           named_roles(rows, row)});
  }
}

} // namespace

void plan_grants(Connection& session, MovePlan& plan, const std::string& role) {
  plan.creates_schema = session.query(schema_query, {plan.schemas.target}).size() == 0;
  // Migrations of later days create tables there: a superuser makes it for the role that runs them.
  const bool superuser = session.query("select rolsuper from pg_roles where rolname = current_user")
                             .truth(0, "rolsuper");
  const bool role_known =
      session.query("select 1 from pg_roles where rolname = $1", {role}).size() != 0;
  if (plan.creates_schema) {
    plan.schema_owner = superuser && role_known
                            ? role
                            : session.query("select current_user as name").text(0, "name");
  } else {
    plan.schema_owner = session
                            .query("select pg_get_userbyid(nspowner) as name from pg_namespace"
                                   " where nspname = $1",
                                   {plan.schemas.target})
                            .text(0, "name");
  }
  add_schema_grants(session, plan);
  add_role_grants(session, plan);
  add_default_privileges(session, plan);
}

void plan_revokes(Connection& session, MovePlan& plan) {
  const auto rows = session.query(creators_query, {plan.schemas.source});
  const auto source = quote_identifier(plan.schemas.source);
  for (int row = 0; row < rows.size(); ++row) {
    const auto grantee = grantee_sql(rows.text(row, "grantee"));
    plan.revokes.push_back({fmt::format("REVOKE CREATE ON SCHEMA {} FROM {}", source, grantee),
                            fmt::format("GRANT CREATE ON SCHEMA {} TO {}", source, grantee),
                            named_roles(rows, row)});
  }
}

std::string create_schema_sql(const MovePlan& plan) {
  return fmt::format("CREATE SCHEMA {} AUTHORIZATION {}", quote_identifier(plan.schemas.target),
                     quote_identifier(plan.schema_owner));
}

} // namespace pgtool
