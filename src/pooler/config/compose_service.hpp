#pragma once

#include "base/environment.hpp"
#include "pooler/config/compose_port.hpp"
#include "pooler/config/pooler_config.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// The text of a file that a compose file names; nothing when it cannot be read. The path is that
/// of the compose file's folder with the name behind it, or absolute where the name is.
using ReadNeighbour = std::function<std::optional<std::string>(const std::string& path)>;

/// What a compose project is read in.
struct ComposeSurroundings {
  Environment environment; ///< fills in variables: the shell's over those of the project's `.env`
  ReadNeighbour read;      ///< of what it includes, extends, mounts and takes an environment from
  VariablePlaces places{}; ///< of those of the `.env` that count
};

/// A file or folder that a container is given.
struct ComposeMount {
  std::string source; ///< a path as for ReadNeighbour; "" for a named volume and for a text
  std::string target;
  std::string text; ///< the contents, where the compose file holds them
};

/// A service of a compose file, variables filled in, with all that it inherits.
struct ComposeService {
  std::string name;
  std::string file;
  int line = 0;
  std::string image;
  std::string build; ///< the folder's name that it is built from
  std::string container_name;
  std::string hostname;
  std::vector<std::string> aliases;         ///< on networks
  std::map<std::string, std::string> links; ///< what it calls another service, and that one's name
  bool on_host_network = false;
  Environment environment;
  VariablePlaces places;       ///< of its variables
  std::string max_connections; ///< of a server, from its command or its image's variable
  KeyPlace max_connections_place;
  std::vector<PublishedPort> ports;
  std::vector<std::string> exposed;
  std::vector<ComposeMount> mounts;
  std::vector<ConfigProblem> problems;

  /// All names by which other services reach it.
  [[nodiscard]] std::vector<std::string> names() const;
};

struct ComposeProject {
  std::map<std::string, ComposeService> services;
  std::map<std::string, std::string> called; ///< every name of a service, and its own
  std::vector<ConfigProblem> problems;
};

/// Reads compose files of one project, later ones over earlier ones, with what they extend and
/// include.
ComposeProject read_services(const std::vector<ConfigText>& files,
                             const ComposeSurroundings& surroundings);

} // namespace pgtool
