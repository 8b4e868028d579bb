#pragma once

#include "model/alias.hpp"
#include "model/finding.hpp"
#include "sql/startup_options.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

/// A value that somebody set, and where.
struct Setting {
  std::string value;
  Place where{};
  std::string written_as{}; ///< the key's name there: "auth_type", "PGBOUNCER_AUTH_TYPE"
  std::string since{};      ///< the first PgBouncer that knows the key; "" when all do
  std::string until{};      ///< the first one that knows it no more; "" when there is none

  /// True where a person wrote it, and pgtool knows the place.
  [[nodiscard]] bool is_written() const { return !where.file.empty(); }
};

/// By the names that pgbouncer.ini has.
using Settings = std::map<std::string, Setting, std::less<>>;

/// A place of a pooler's configuration that does not say what was meant.
struct Misread {
  enum class Kind {
    other,          ///< the reader's own trouble, or one that the pooler lives with
    refused,        ///< PgBouncer does not start with it
    unknown_key,    ///< nor with this: no version knows the key
    inline_comment, ///< nor with this, where a comment stands behind a value
    unread_variable ///< a variable that the container's image does not read
  };
  Place where;
  std::string message; ///< repeats no value that may be a secret
  Kind kind = Kind::other;
};

/// From where clients can come.
enum class Reach {
  sockets,    ///< it listens on no TCP port
  machine,    ///< on loopback addresses only
  neighbours, ///< the other containers of its machine or cluster
  anywhere    ///< whatever machine has a way to it
};

/// One database that a pooler offers.
struct OfferedDatabase {
  std::string name; ///< as clients call it; "*" for any
  std::string host; ///< of the server; "" is the pooler's own unix socket
  std::string port;
  std::string database;    ///< as the server calls it; "" is the client's own word
  std::string forced_user; ///< who the pooler logs in as, whoever the client is
  std::string mode;        ///< its own; "" when it has none
  Settings settings;       ///< its other keys
  Place where;
  bool is_replica = false;
  /// Of the server, where the description of its container tells it.
  std::optional<Setting> max_connections{};
};

/// What a pooler's list of users holds, by number; none of it is kept.
struct AuthFile {
  std::string path;
  std::optional<unsigned> permissions; ///< as chmod counts them; nothing when they cannot be seen
  int plain = 0;
  int md5 = 0;
  int scram = 0;
  bool was_read = false;
};

/// One pool of a console's SHOW POOLS.
struct Pool {
  std::string database;
  std::string user;
  std::int64_t clients = 0; ///< active and waiting
  std::int64_t servers = 0; ///< in every state
  std::string mode;
};

/// What is known of one pooler: from its console, its files or its container's description.
struct PoolerFacts {
  /// Where its settings are written, which is where a remedy is, too.
  enum class Form {
    ini,         ///< pgbouncer.ini
    environment, ///< variables of a container
    other        ///< nobody told but the console
  };
  std::string name; ///< for people: "pgbouncer.ini", "PgBouncer at 10.0.0.7:6432"
  std::string kind = "pgbouncer";
  std::string version{}; ///< "1.18.0"; "" when nobody tells
  /// The version is that of an image, into which no distribution has carried later cures.
  bool is_upstream_build = false;
  Form form = Form::other;
  bool is_live = false;    ///< its console told what is in force: `settings` is complete
  bool is_complete = true; ///< all that is written could be read: what is not there is not set
  std::optional<Reach> container_reach{}; ///< of a container's port; else its addresses decide
  std::string published{}; ///< "6432:5432", where every address of the machine leads there
  std::string file{};
  Place where{};
  std::string variable_prefix{}; ///< what stands before a key in a container's variable
  Settings settings{};           ///< global ones: what was written, or all that is in force
  /// What the file that it was started with says, where the console says something else.
  Settings not_loaded{};
  std::set<std::string, std::less<>> only_at_start{}; ///< keys that RELOAD leaves as they are
  std::vector<OfferedDatabase> databases{};
  std::map<std::string, Settings, std::less<>> users{};
  std::vector<Misread> misread{};
  std::optional<AuthFile> auth_file{};
  std::vector<Pool> pools{};
  int processes = 1;                        ///< that share this configuration, as far as seen
  std::optional<std::int64_t> file_limit{}; ///< open files, of the running process
  std::vector<std::string> aliases{};       ///< of the project, that lead here

  /// What is in force, as far as it is known: what was set, else the default of its version.
  [[nodiscard]] std::string value(std::string_view key) const;
  /// The same as a whole number (of seconds, of sessions); nothing when it is none.
  [[nodiscard]] std::optional<std::int64_t> number(std::string_view key) const;
  /// The same as a number of seconds, fractions too.
  [[nodiscard]] std::optional<double> seconds(std::string_view key) const;
  [[nodiscard]] Reach reach() const;
  /// True when no client can get in without TLS.
  [[nodiscard]] bool demands_tls() const;
  /// What was set; null when it was not.
  [[nodiscard]] const Setting* find(std::string_view key) const;
  /// Where it is set, or would be.
  [[nodiscard]] Place place_of(std::string_view key) const;
  /// The line that sets it there: "auth_type = scram-sha-256", "PGBOUNCER_AUTH_TYPE=…".
  [[nodiscard]] std::string line_for(std::string_view key, std::string_view value) const;
  /// The same as an edit; nothing where the configuration is not at hand.
  [[nodiscard]] std::vector<Edit> edit_for(std::string_view key, std::string_view value) const;
  /// The database that a client gets under that name, or null.
  [[nodiscard]] const OfferedDatabase* database_of(std::string_view asked) const;
  /// Pool mode for a client: user over database over global; "" when nobody says it.
  [[nodiscard]] std::string mode_for(std::string_view database, std::string_view user) const;
  /// True when the version is known and at least that one: "1.21".
  [[nodiscard]] bool is_since(std::string_view version) const;
  /// True when the version is known and older than that one.
  [[nodiscard]] bool is_before(std::string_view version) const;
};

/// A setting of an alias's OPTIONS that sessions through the pool do not have.
struct LostOption {
  std::string name;
  std::string wanted;
  std::string found; ///< what they have instead
};

/// An endpoint that may have been the direct one, and is not proved to be.
struct UnprovedDirect {
  std::string place;
  std::string origin; ///< who named it
  std::string reason;
  std::string cure;
  bool by_user = false;      ///< it was named for this purpose
  bool reached = false;      ///< it answered
  bool is_pooler = false;    ///< what answered is no server of PostgreSQL's own
  bool view_differs = false; ///< it is PostgreSQL itself, but sessions see other schemas there
};

/// One alias of the project, and what stands before its database.
struct AliasFacts {
  Alias alias;
  std::string pool_mode = "unknown"; ///< session, transaction, statement, none, unknown
  std::string pooler_kind = "unknown";
  std::string pooler_version{};
  std::optional<std::size_t> pooler{};                    ///< which of the deployment's
  Place where{};                                          ///< its entry in the settings
  std::map<std::string, Place, std::less<>> key_places{}; ///< "OPTIONS.options", "CONN_MAX_AGE"
  bool was_reached = false;                               ///< somebody answered there, now
  std::string refused_options{}; ///< what the pooler said of the alias's OPTIONS; "" for nothing
  std::string direct_url{};      ///< of the proved direct endpoint, without password
  std::string direct_origin{};   ///< who named it
  std::string why_not_direct{};  ///< where it was looked for and not proved
  /// What the alias's OPTIONS came to in a session through the pool; nothing: nobody looked.
  std::optional<std::vector<LostOption>> lost_options{};
  std::vector<UnprovedDirect> unproved{}; ///< what was tried for a direct endpoint, best first
  std::string direct_said{};              ///< who names one that was not tried (offline)
  bool is_standby = false;                ///< nothing is migrated there

  /// A pooler stands between, whose sessions outlive no transaction (transaction, statement).
  [[nodiscard]] bool shares_sessions() const;
  [[nodiscard]] bool is_pooled() const;
  /// Where that key of its entry stands, or else the entry.
  [[nodiscard]] Place place_of(std::string_view key) const;
  /// Sets a key of its entry to that Python expression; nothing where the entry is not at hand.
  [[nodiscard]] std::vector<Edit> edit_for(std::string_view key, std::string_view value) const;
  /// The settings of `-c` in OPTIONS['options'], in their order, by lower-case name.
  [[nodiscard]] std::vector<NamedSetting> startup_settings() const;
};

/// ALTER ROLE … [IN DATABASE …] SET, ALTER DATABASE … SET.
struct StoredSetting {
  std::string role;     ///< "" for every role
  std::string database; ///< "" for every database
  std::string name;
  std::string value;
};

/// What a PostgreSQL server says of itself and of one database in it.
struct ServerFacts {
  std::string place; ///< "10.0.0.7:5432/shop"
  std::vector<std::string> aliases{};
  int version_number = 0;
  std::int64_t max_connections = 0;
  std::int64_t reserved = 0;    ///< for superusers and roles with pg_use_reserved_connections
  std::int64_t connections = 0; ///< client sessions that are open now
  std::string password_encryption{};
  std::string user{};
  std::string database{};
  std::string search_path{}; ///< that a fresh session has
  std::string time_zone{};   ///< that a fresh session has
  std::vector<StoredSetting> stored{};
  std::optional<bool> speaks_tls{};
  std::optional<bool> passwords_expire{}; ///< some role's has an end (VALID UNTIL)
  bool through_pooler = false;            ///< what a fresh session has could not be seen
};

/// A place in the project's source that a rule wants to know of.
struct SourceUse {
  std::string what; ///< "iterator", "connection-created", or a package's import name
  Place where;
  std::string detail;                 ///< the statement, the name that is called
  std::vector<std::string> aliases{}; ///< those that the code picks out; none: any
};

/// How the web server runs, as some file of the project says.
struct WorkerFacts {
  std::string server; ///< "gunicorn", "uwsgi"
  Place where;
  std::optional<std::int64_t> processes{};
  std::optional<std::int64_t> threads{};
  std::optional<double> timeout{}; ///< seconds for one request
};

/// What is known of the Django project.
struct ProjectFacts {
  std::string django_version{};
  std::string settings_file{};
  std::map<std::string, Place, std::less<>> settings_places{}; ///< "INSTALLED_APPS", "MIDDLEWARE"
  std::vector<std::string> apps{};
  std::vector<std::string> middleware{};
  std::vector<SourceUse> uses{};
  std::vector<WorkerFacts> workers{};
  /// Settings that packages read: "CHANNEL_LAYERS", "RLS_TENANTS.USE_LOCAL_SET", …
  std::map<std::string, std::string, std::less<>> package_settings{};
};

/// Everything that rules judge. What could not be looked at is simply not there: a rule says
/// nothing about what it does not know.
struct Deployment {
  std::vector<PoolerFacts> poolers;
  std::vector<AliasFacts> aliases; ///< PostgreSQL ones
  std::vector<ServerFacts> servers;
  std::optional<ProjectFacts> project;

  [[nodiscard]] const PoolerFacts* pooler_of(const AliasFacts& alias) const;
  [[nodiscard]] const ServerFacts* server_of(const AliasFacts& alias) const;
};

} // namespace pgtool
