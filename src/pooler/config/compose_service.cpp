#include "pooler/config/compose_service.hpp"

#include "base/dotenv.hpp"
#include "base/text.hpp"
#include "pooler/config/compose_source.hpp"
#include "pooler/config/container.hpp"
#include "pooler/config/server_settings.hpp"

namespace pgtool {
namespace {

/// Reads one service's own words.
class ServiceReader {
public:
  ServiceReader(const ComposeSource& source, const Yaml& node, const std::string& name)
      : source_(source), node_(node) {
    service_.name = name;
    service_.file = source.file;
    service_.line = node.line();
  }

  ComposeService read() {
    service_.image = word("image");
    service_.container_name = word("container_name");
    service_.hostname = word("hostname");
    service_.on_host_network = word("network_mode") == "host";
    read_build();
    read_networks();
    read_environment();
    read_ports();
    read_mounts();
    read_command();
    return std::move(service_);
  }

private:
  void object(int line, std::string message) {
    if (source_.budget.take(sizeof(ConfigProblem) + message.size())) {
      service_.problems.push_back({source_.file, line, std::move(message)});
    }
  }

  std::string word(const char* key) { return filled(node_[key], key); }

  /// The scalar with its variables filled in. What is not set is not named: a dollar may stand in
  /// a password.
  std::string filled(const Yaml& node, const std::string& what) {
    const auto result = source_.fill(node);
    if (!result.unset.empty()) {
      object(node.line(), what + ": a variable in the value is not set");
    }
    if (result.malformed) {
      object(node.line(), what + ": expected a name and } after ${");
    }
    return result.text;
  }

  /// Only what is written: where the project lies says nothing.
  void read_build() {
    const auto& build = node_["build"];
    for (const auto* node : {&build, &build["context"], &build["dockerfile"]}) {
      auto path = filled(*node, "build");
      path.erase(path.find_last_not_of('/') + 1);
      const auto last = path.substr(path.rfind('/') + 1);
      service_.build = pooler_kind_of_image(last).empty() ? service_.build : last;
    }
  }

  void read_networks() {
    for (const auto& [network, settings] : node_["networks"].members()) {
      for (const auto& alias : settings["aliases"].elements()) {
        service_.aliases.push_back(filled(alias, "aliases"));
      }
    }
    for (const auto& link : listed(node_["links"])) {
      const auto parts = split(filled(link, "links"), ':');
      service_.links[parts.back()] = parts.front();
    }
  }

  static std::string told(const std::string& name) {
    return is_variable_name(name) ? name : "environment";
  }

  void read_environment() {
    for (const auto& entry : listed(node_["env_file"])) {
      read_env_file(entry);
    }
    const auto& environment = node_["environment"];
    for (const auto& [name, value] : environment.members()) {
      set(name, value.is_text() ? std::optional(filled(value, told(name))) : std::nullopt,
          source_.place_of(name, value.is_text() ? value.text() : "$" + name, value.line()));
    }
    for (const auto& entry : environment.elements()) {
      const auto equals = entry.text().find('=');
      const auto name = entry.text().substr(0, equals);
      const auto whole =
          equals == std::string::npos ? std::nullopt : std::optional(filled(entry, told(name)));
      set(name, whole ? std::optional(whole->substr(whole->find('=') + 1)) : std::nullopt,
          source_.place_of(name, whole ? entry.text().substr(equals + 1) : "$" + name,
                           entry.line()));
    }
  }

  /// A name without a value takes that of the surroundings.
  void set(const std::string& name, std::optional<std::string> value, KeyPlace place) {
    if (!value) {
      value = source_.value_of(name);
    }
    if (value) {
      service_.places.insert_or_assign(name, std::move(place));
      service_.environment.insert_or_assign(name, std::move(*value));
    }
  }

  void read_env_file(const Yaml& entry) {
    const auto name = filled(entry.is_map() ? entry["path"] : entry, "env_file");
    const auto text = source_.text_of(name);
    if (!text) {
      if (parse_truth(entry["required"].text()).value_or(true)) {
        object(entry.line(), "an env_file could not be read");
      }
      return;
    }
    auto found = parse_dotenv(*text, source_.variables);
    for (auto& problem : found.problems) {
      service_.problems.push_back(
          {source_.path_of(name), problem.line, std::move(problem.message)});
    }
    for (auto& [variable, value] : found.variables) {
      if (source_.budget.take(variable.size() + value.size())) {
        service_.places.insert_or_assign(
            variable, KeyPlace{source_.path_of(name), found.lines[variable], variable});
        service_.environment.insert_or_assign(variable, std::move(value));
      }
    }
  }

  void read_ports() {
    for (const auto& entry : listed(node_["ports"])) {
      auto ports = entry.is_map() ? long_port(entry) : parse_published(filled(entry, "ports"));
      if (source_.budget.take(ports.size() * sizeof(PublishedPort))) {
        service_.ports.insert(service_.ports.end(), ports.begin(), ports.end());
      }
    }
    for (const auto& entry : listed(node_["expose"])) {
      for (auto& port : parse_published(filled(entry, "expose"))) {
        service_.exposed.push_back(std::move(port.target));
      }
    }
  }

  std::vector<PublishedPort> long_port(const Yaml& entry) {
    const auto published = filled(entry["published"], "ports");
    const auto protocol = filled(entry["protocol"], "ports");
    auto ports = parse_published((published.empty() ? "" : published + ":") +
                                 filled(entry["target"], "ports") +
                                 (protocol.empty() ? "" : "/" + protocol));
    for (auto& port : ports) {
      port.address = bind_address(filled(entry["host_ip"], "ports"));
    }
    return ports;
  }

  void read_mounts() {
    for (const auto& entry : listed(node_["volumes"])) {
      const auto parts = split(filled(entry, "volumes"), ':');
      if (entry.is_map()) {
        add_mount(filled(entry["source"], "volumes"), filled(entry["target"], "volumes"));
      } else if (parts.size() > 1) {
        add_mount(parts[0], parts[1]);
      }
    }
    for (const auto& entry : listed(node_["configs"])) {
      const auto name = filled(entry.is_map() ? entry["source"] : entry, "configs");
      const auto target = filled(entry["target"], "configs");
      add_config(name, target.empty() ? "/" + name : target);
    }
  }

  /// A server's: `postgres -c max_connections=200`, or bitnami's variable.
  void read_command() {
    std::string words;
    for (const auto& word : listed(node_["command"])) {
      words += " " + filled(word, "command");
    }
    if (auto told = max_connections_of_command(words)) {
      service_.max_connections = std::move(*told);
      service_.max_connections_place = {source_.file, node_["command"].line(), "max_connections"};
    }
    constexpr std::string_view variable = "POSTGRESQL_MAX_CONNECTIONS";
    if (const auto set = service_.environment.find(variable); set != service_.environment.end()) {
      service_.max_connections = set->second;
      service_.max_connections_place = service_.places[std::string(variable)];
    }
  }

  void read_server_file(const std::string& source) {
    const auto text = source_.text_of(source);
    const auto told = text ? max_connections_of_file(*text) : std::nullopt;
    if (told) {
      service_.max_connections = told->value;
      service_.max_connections_place = {source_.path_of(source), told->line, "max_connections"};
    }
  }

  void add_mount(const std::string& source, std::string target) {
    const bool is_path =
        source.find('/') != std::string::npos || source.starts_with('.') || source.starts_with('~');
    if (is_path && target.ends_with("postgresql.conf")) {
      read_server_file(source);
    }
    service_.mounts.push_back({is_path ? source_.path_of(source) : "", std::move(target), ""});
  }

  void add_config(const std::string& name, std::string target) {
    for (const auto& document : source_.documents) {
      const auto& config = document["configs"][name];
      if (const auto file = filled(config["file"], "configs"); !file.empty()) {
        service_.mounts.push_back({source_.path_of(file), target, ""});
      } else if (!config["content"].is_null()) {
        service_.mounts.push_back({"", target, filled(config["content"], "configs")});
      }
    }
  }

  const ComposeSource& source_;
  const Yaml& node_;
  ComposeService service_;
};

} // namespace

ComposeService read_service(const ComposeSource& source, const Yaml& node,
                            const std::string& name) {
  // A service that many extend is read for each of them.
  constexpr std::size_t bytes_of_a_part = 64;
  return source.budget.take(node.weight() * bytes_of_a_part)
             ? ServiceReader(source, node, name).read()
             : ComposeService();
}

} // namespace pgtool
