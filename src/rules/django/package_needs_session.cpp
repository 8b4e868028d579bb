#include "rules/django/all.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>

namespace pgtool::rules {
namespace {

/// How one sees that a project does not only have a package, but uses it so.
enum class Sign { engine, middleware, app, layer, call };

/// What a package does that a shared session cannot give. Read in the package's own source, of the
/// version named.
struct Need {
  std::string_view package;
  std::string_view read_in; ///< its version
  Sign sign;
  std::string_view name; ///< of the engine (its beginning), the middleware, the app, the call
  Severity severity;
  std::string_view breaks;
  std::string_view cure;
  std::string_view alias_setting = {}; ///< the setting that names its alias; else it is default
  std::string_view off_setting = {};   ///< true: it is set up so that nothing breaks
};

constexpr std::string_view session_mode = "a pool in session mode for it, or an alias past the "
                                          "pooler";
constexpr std::string_view path_breaks =
    "sets search_path in the session for each tenant: the next statement may have another session, "
    "and reads another tenant's tables";
constexpr std::string_view row_breaks =
    "sets the user and the tenant in the session: the next statement may have another session, "
    "and its policies see another user's";
constexpr std::string_view lock_breaks =
    "takes an advisory lock of the session and frees it in another one: it excludes nobody, and "
    "stays behind in the pool";
constexpr std::string_view timeout_breaks =
    "sets a timeout of the session outside of a transaction: whoever gets that session next has it";
constexpr std::string_view in_atomic = "call it inside transaction.atomic()";

constexpr Need needs[] = {
    {"django-tenants", "4.0.1", Sign::engine, "django_tenants.", Severity::error, path_breaks,
     session_mode},
    {"django-tenant-schemas", "2.0.0", Sign::engine, "tenant_schemas.", Severity::error,
     path_breaks, session_mode},
    {"django-pgschemas", "1.1.1", Sign::engine, "django_pgschemas.", Severity::error, path_breaks,
     session_mode},
    {"django-rls", "2.0.1", Sign::middleware, "django_rls.middleware.", Severity::error, row_breaks,
     session_mode},
    {"django-rls-tenants", "1.3.4", Sign::middleware, "django_rls_tenants.", Severity::error,
     row_breaks, "RLS_TENANTS = {'USE_LOCAL_SET': True, …}: then it sets them in a transaction", "",
     "RLS_TENANTS.USE_LOCAL_SET"},
    {"django-pgpubsub", "1.3.1", Sign::app, "pgpubsub", Severity::warning,
     "LISTENs in `manage.py listen`: its notifications go to another client's session",
     "run `manage.py listen` with settings that go past the pooler"},
    {"procrastinate", "3.10.0", Sign::app, "procrastinate.contrib.django", Severity::warning,
     "LISTENs in its worker, where another client's session gets the notifications: jobs wait for "
     "its polling",
     "PROCRASTINATE_DATABASE_ALIAS = an alias past the pooler, or "
     "PROCRASTINATE_WORKER_DEFAULTS = {'listen_notify': False}",
     "PROCRASTINATE_DATABASE_ALIAS", "PROCRASTINATE_WORKER_DEFAULTS.no_listen"},
    {"channels-postgres", "1.1.4", Sign::layer, "channels_postgres.", Severity::error,
     "LISTENs on the pooler: messages do not arrive",
     "give the layer's CONFIG the host and port of PostgreSQL itself"},
    {"django-pglock", "1.8.0", Sign::call, "pglock.advisory", Severity::error, lock_breaks,
     "pglock.advisory(…, xact=True)"},
    {"django-pglock", "1.8.0", Sign::call, "pglock.timeout", Severity::warning, timeout_breaks,
     in_atomic},
    {"django-pgactivity", "1.8.0", Sign::call, "pgactivity.timeout", Severity::warning,
     timeout_breaks, in_atomic},
    {"django-pglocks", "2.1.0", Sign::call, "django_pglocks.advisory_lock", Severity::error,
     lock_breaks, in_atomic},
    {"django-pgware", "1.0.0", Sign::call, "django_pg_utils.locks.", Severity::error, lock_breaks,
     in_atomic},
};

bool has(const std::vector<std::string>& names, std::string_view wanted) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return name == wanted || (wanted.ends_with('.') && name.starts_with(wanted)) ||
           name.starts_with(std::string(wanted) + ".");
  });
}

std::string setting(const ProjectFacts& project, std::string_view name) {
  const auto found = project.package_settings.find(name);
  return found != project.package_settings.end() ? found->second : "";
}

/// A mode that nobody tells may be one that shares.
bool may_share(const AliasFacts& alias) {
  return alias.shares_sessions() || (alias.is_pooled() && alias.pool_mode == "unknown");
}

class Looking {
public:
  explicit Looking(const Deployment& deployment)
      : deployment_(deployment), project_(*deployment.project) {}

  std::vector<Remark> run() {
    for (const auto& need : needs) {
      if (!need.off_setting.empty() && setting(project_, need.off_setting) == "1") {
        continue;
      }
      look_for(need);
    }
    return std::move(remarks_);
  }

private:
  void look_for(const Need& need) {
    switch (need.sign) {
    case Sign::engine:
      for (const auto& alias : deployment_.aliases) {
        if (alias.alias.engine.starts_with(need.name)) {
          add(need, alias, alias.place_of("ENGINE"));
        }
      }
      break;
    case Sign::middleware:
      if (has(project_.middleware, need.name)) {
        add(need, alias_of(need), settings_place("MIDDLEWARE"));
      }
      break;
    case Sign::app:
      if (has(project_.apps, need.name)) {
        add(need, alias_of(need), settings_place("INSTALLED_APPS"));
      }
      break;
    case Sign::layer:
      look_for_layer(need);
      break;
    case Sign::call:
      for (const auto& use : project_.uses) {
        if (use.what == "call" && use.detail.starts_with(need.name)) {
          look_at_call(need, use);
        }
      }
    }
  }

  /// It has a connection of its own: "host:port", as its CONFIG says.
  void look_for_layer(const Need& need) {
    const auto place = setting(project_, "CHANNEL_LAYERS.channels_postgres");
    for (const auto& alias : deployment_.aliases) {
      const auto& endpoint = alias.alias.endpoint;
      if (!place.empty() && place == endpoint.host() + ":" + endpoint.port()) {
        add(need, alias, settings_place("CHANNEL_LAYERS"));
        return;
      }
    }
  }

  void look_at_call(const Need& need, const SourceUse& use) {
    for (const auto& name : use.aliases) {
      const auto* alias = find(name);
      const bool in_request =
          need.breaks == timeout_breaks && alias != nullptr && alias->alias.atomic_requests;
      if (alias != nullptr && !in_request) {
        add(need, *alias, use.where, use.detail);
        return;
      }
    }
  }

  [[nodiscard]] const AliasFacts* find(std::string_view name) const {
    const auto found =
        std::find_if(deployment_.aliases.begin(), deployment_.aliases.end(),
                     [&](const AliasFacts& alias) { return alias.alias.name == name; });
    return found != deployment_.aliases.end() ? &*found : nullptr;
  }

  [[nodiscard]] AliasFacts alias_of(const Need& need) const {
    const auto named = setting(project_, need.alias_setting);
    const auto* alias = find(named.empty() ? "default" : named);
    return alias == nullptr ? AliasFacts{} : *alias;
  }

  [[nodiscard]] Place settings_place(const char* name) const {
    const auto found = project_.settings_places.find(name);
    auto place = found != project_.settings_places.end() ? found->second
                                                         : Place{project_.settings_file, 0, ""};
    place.object = name;
    return place;
  }

  void add(const Need& need, const AliasFacts& alias, Place where, const std::string& call = "") {
    if (!may_share(alias)) {
      return;
    }
    const bool is_sure = alias.shares_sessions();
    remarks_.push_back(
        {.message = fmt::format("{} {}, and alias '{}' shares its sessions with other clients",
                                call.empty() ? std::string(need.package) : call, need.breaks,
                                alias.alias.name),
         .where = std::move(where),
         .detail = fmt::format("as read in {} {}", need.package, need.read_in),
         .remedy = std::string(need.cure),
         .mode = alias.pool_mode,
         .severity = is_sure ? need.severity : std::min(need.severity, Severity::warning)});
  }

  const Deployment& deployment_;
  const ProjectFacts& project_;
  std::vector<Remark> remarks_;
};

std::vector<Remark> look(const Deployment& deployment) {
  return deployment.project ? Looking(deployment).run() : std::vector<Remark>{};
}

} // namespace

const Rule package_needs_session{
    .slug = "package-needs-session",
    .area = Area::django,
    .grades = when_shared(Severity::error, Severity::warning),
    .summary = "A package needs a session of its own, and the pool shares them",
    .why = "LISTEN, advisory locks of the session and SET without LOCAL live in one session of the "
           "server. In transaction mode the pooler gives that session to the next client: locks "
           "exclude nobody, notifications go astray, one tenant reads another's rows.",
    .remedy = "give the package an alias past the pooler, or a pool in session mode",
    .link = "https://www.pgbouncer.org/features.html",
    .look = look,
};

} // namespace pgtool::rules
