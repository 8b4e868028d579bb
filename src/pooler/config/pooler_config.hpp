#pragma once

#include "model/endpoint.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

/// Settings as they are written, by their own keys.
using PoolerSettings = std::map<std::string, std::string, std::less<>>;

/// True for session, transaction and statement.
bool is_pool_mode(std::string_view word);

/// A login that a configuration holds without forcing it upon clients: an entry of its userlist,
/// the owner that a database container is made with. Whoever holds the same secret gives nothing
/// away when he shows it to that server.
struct KnownLogin {
  std::string user;
  Secret password; ///< empty when it stands elsewhere
};

/// Where a key is set, and under which name: "auth_type", "PGBOUNCER_AUTH_TYPE".
struct KeyPlace {
  std::string file;
  int line = 0; ///< from 1; 0 when the source has no lines
  std::string written_as;
};

/// One database that a pooler offers, and the server behind it.
struct ConfiguredDatabase {
  std::string name; ///< as clients call it; "*" stands for every name that has no entry of its own
  /// The server: host, port, dbname and, where the pooler logs in as somebody else than the client,
  /// user and password. What is not said is not set: no host is the pooler's own unix socket, no
  /// dbname is the client's own word. The origin is that of the configuration.
  Endpoint server;
  std::string mode;        ///< its own pool mode; "" when it has none
  PoolerSettings settings; ///< every other key of the entry
  int line = 0;            ///< where it stands, from 1; 0 when the source has no lines
  /// The same server by other ways: its published port as the machine sees it that runs the
  /// containers, its name as another namespace calls it. All else is as in `server`.
  std::vector<Endpoint> also_at;
  std::vector<KnownLogin> logins;
  bool is_replica = false;     ///< the configuration says that it leads to a replica
  std::string max_connections; ///< of the server, where its container's description tells it
  KeyPlace max_connections_place;
};

enum class ProblemKind {
  other,          ///< our own trouble in reading, or something that the pooler lives with
  refused,        ///< PgBouncer does not start with it, and RELOAD leaves everything as it was
  unknown_key,    ///< nor with this: a key that no version knows
  inline_comment, ///< nor with this: a comment behind a value
  unread_variable ///< a variable that the image of the container does not read
};

/// What is wrong with a place of a configuration. The text repeats no value that may be a secret.
struct ConfigProblem {
  std::string file;
  int line = 0; ///< from 1; 0 when it is about the whole
  std::string message;
  ProblemKind kind = ProblemKind::other;
};

/// The pooler's own file (pgbouncer.ini, pgcat.toml, …) that a container is given. What it says
/// beats what the container's environment says.
struct OwnFile {
  std::string path; ///< where it can be read, as seen from the folder that we run in; "" if nowhere
  std::string text; ///< its contents, where the container's description holds them
};

/// Of variables, by their names.
using VariablePlaces = std::map<std::string, KeyPlace, std::less<>>;

/// Who can reach the port of a pooler that runs in a container.
enum class Exposure {
  by_address, ///< no container, or one on its machine's own network: its addresses decide
  machine,    ///< published on the machine's loopback address
  neighbours, ///< not published: other containers of the project or the cluster
  published   ///< on every address of the machine
};

/// What some configuration says of one pooler: a pgbouncer.ini, a service of a compose file, a
/// Kubernetes manifest, the environment of a container. It is only read, never believed: what comes
/// of it is proved like everything else.
struct PoolerConfig {
  std::string origin; ///< for people: "pgbouncer.ini", "compose.yaml, service pooler"
  std::string kind = "pgbouncer";
  std::string file;            ///< "" when it is no file
  bool is_bouncer_ini = false; ///< a pgbouncer.ini was read, on its own or inside of something
  std::string ini_file;        ///< where that can be read and changed
  std::string version;         ///< of PgBouncer, where the image's tag tells all of it: "1.25.2"
  bool is_own_file = false; ///< it stands where the pooler itself reads it, not in some work tree
  bool is_named = false;    ///< the user named it for this purpose
  /// Where clients reach it, as far as that is said. A host of "" or "*" is any address of its
  /// machine; an endpoint with a path for a host is a unix socket's folder.
  std::vector<Endpoint> listens;
  std::string mode; ///< the pool mode for databases and users without one; "" when not said
  std::vector<ConfiguredDatabase> databases; ///< in their order
  std::map<std::string, PoolerSettings, std::less<>> users;
  PoolerSettings settings;                             ///< global keys
  std::map<std::string, KeyPlace, std::less<>> places; ///< of global keys, pool_mode among them
  /// What stands before a key in the variables of a container; for an ini nothing is meant by it.
  std::string variable_prefix;
  bool is_container = false; ///< described by the variables of a container
  Exposure exposure = Exposure::by_address;
  std::string published;   ///< "6432:5432": where every address of the machine leads there
  bool is_partial = false; ///< a file that it includes was not read
  std::vector<ConfigProblem> problems;
  std::optional<OwnFile> own_file; ///< one that was not read
  int line = 0;                    ///< where it begins, from 1; 0 when the source has no lines

  /// The entry for the name that a client asks for: its own, else "*"; null when neither is there.
  [[nodiscard]] const ConfiguredDatabase* find(const std::string& name) const;
  /// The effective pool mode (user over database over global; facts: measured on PgBouncer 1.18);
  /// nullopt when nobody says one: the program's default holds then.
  [[nodiscard]] std::optional<std::string> mode_for(const std::string& database,
                                                    const std::string& user) const;
};

/// A file's name, as messages and relative paths in it need it, and its contents.
struct ConfigText {
  std::string file;
  std::string text;
};

/// What files that may describe several poolers, or none, came to. The problems are those that no
/// pooler can be blamed for.
struct ConfigReading {
  std::vector<PoolerConfig> poolers;
  std::vector<ConfigProblem> problems;
};

} // namespace pgtool
