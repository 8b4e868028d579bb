#include "pooler/config/compose_view.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <optional>

namespace pgtool {
namespace {

constexpr std::size_t most_listens = 64;

bool is_machine(std::string_view host) {
  return host == "host.docker.internal" || host == "gateway.docker.internal" ||
         host == "host.containers.internal";
}

class OutsideView {
public:
  OutsideView(PoolerConfig& config, const ComposeService& pooler, const ComposeProject& project)
      : config_(config), pooler_(pooler), project_(project) {}

  void complete() {
    config_.exposure = Exposure::neighbours;
    for (const auto& inside : ports_inside()) {
      listen_at(inside);
    }
    config_.listens = std::move(listens_);
    for (auto& database : config_.databases) {
      complete_server(database);
    }
  }

private:
  /// What it says that it listens on, else all that is exposed.
  std::vector<Endpoint> ports_inside() const {
    std::vector<Endpoint> inside;
    for (const auto& listening : config_.listens) {
      if (!listening.get("port").empty()) {
        inside.push_back(listening);
      }
    }
    if (!inside.empty()) {
      return inside;
    }
    for (const auto& port : pooler_.ports) {
      inside.push_back(endpoint("", port.target));
    }
    for (const auto& port : pooler_.exposed) {
      inside.push_back(endpoint("", port));
    }
    inside.resize(std::min(inside.size(), most_listens));
    return inside;
  }

  void listen_at(const Endpoint& inside) {
    const auto port = inside.get("port");
    if (inside.is_socket() && !inside.host().empty()) {
      return; // inside the container
    }
    config_.exposure = pooler_.on_host_network ? Exposure::by_address : config_.exposure;
    if (pooler_.on_host_network) {
      add(endpoint(bind_address(inside.host()), port));
      return;
    }
    if (!inside.host().empty() && inside.is_local()) {
      object("it listens on the loopback address of its container only");
      return;
    }
    for (const auto& name : pooler_.names()) {
      add(endpoint(name, port));
    }
    bool is_published = false;
    for (const auto& published : pooler_.ports) {
      if (published.target == port && !published.published.empty()) {
        add(endpoint(published.address, published.published));
        note_published(published);
      }
      is_published = is_published || published.target == port;
    }
    if (!pooler_.ports.empty() && !is_published) {
      object("it listens on port " + port + ", but publishes another port of its container");
    }
  }

  void note_published(const PublishedPort& port) {
    Endpoint address;
    address.set("host", port.address);
    if (is_any_address(port.address)) {
      config_.exposure = Exposure::published;
      config_.published = port.published + ":" + port.target;
    } else if (!address.is_local()) {
      config_.exposure = Exposure::by_address;
    } else if (config_.exposure == Exposure::neighbours) {
      config_.exposure = Exposure::machine;
    }
  }

  void complete_server(ConfiguredDatabase& database) {
    if (database.server.is_socket()) {
      return;
    }
    const auto hosts = split(database.server.host(), ',');
    const auto ports = split(database.server.port(), ',');
    std::vector<std::string> outer_hosts;
    std::vector<std::string> outer_ports;
    for (std::size_t at = 0; at < hosts.size(); ++at) {
      const auto& port = ports[std::min(at, ports.size() - 1)];
      if (const auto outer = outer_server(hosts[at], port.empty() ? "5432" : port, database)) {
        outer_hosts.push_back(outer->host());
        outer_ports.push_back(outer->port());
      }
    }
    if (!outer_hosts.empty()) {
      auto outer = database.server;
      outer.set("host", join(outer_hosts, ","));
      outer.set("port", join(outer_ports, ","));
      database.also_at.push_back(std::move(outer));
    }
  }

  /// The machine's own way to a host of the project. The login of its container is noted.
  std::optional<Endpoint> outer_server(const std::string& host, const std::string& port,
                                       ConfiguredDatabase& database) const {
    if (is_machine(host)) {
      return endpoint("localhost", port);
    }
    const auto* service = service_called(host);
    if (service == nullptr) {
      return std::nullopt;
    }
    note_login(*service, database);
    database.max_connections = service->max_connections;
    database.max_connections_place = service->max_connections_place;
    if (service->on_host_network) {
      return endpoint("localhost", port);
    }
    for (const auto& published : service->ports) {
      if (published.target == port && !published.published.empty()) {
        return endpoint(published.address.empty() ? "localhost" : published.address,
                        published.published);
      }
    }
    return std::nullopt;
  }

  [[nodiscard]] const ComposeService* service_called(const std::string& host) const {
    const auto link = pooler_.links.find(host);
    const auto& name = link == pooler_.links.end() ? host : link->second;
    const auto called = project_.called.find(name);
    const auto found = called == project_.called.end() ? project_.services.end()
                                                       : project_.services.find(called->second);
    return found == project_.services.end() ? nullptr : &found->second;
  }

  /// What the images of PostgreSQL make their first user of.
  static void note_login(const ComposeService& service, ConfiguredDatabase& database) {
    struct Names {
      const char* user;
      const char* password;
    };
    for (const auto& [user, password] : {Names{"POSTGRES_USER", "POSTGRES_PASSWORD"},
                                         Names{"POSTGRESQL_USERNAME", "POSTGRESQL_PASSWORD"}}) {
      const auto secret = service.environment.find(password);
      const auto name = service.environment.find(user);
      if (secret != service.environment.end() && !secret->second.empty()) {
        database.logins.push_back({name == service.environment.end() ? "postgres" : name->second,
                                   Secret(secret->second)});
      }
    }
  }

  [[nodiscard]] Endpoint endpoint(const std::string& host, const std::string& port) const {
    Endpoint made;
    made.origin = pooler_.file + ", service " + pooler_.name;
    made.set("host", host);
    made.set("port", port);
    return made;
  }

  void add(Endpoint listening) {
    const auto is_same = [&](const Endpoint& known) {
      return known.parameters == listening.parameters;
    };
    if (listens_.size() < most_listens && std::none_of(listens_.begin(), listens_.end(), is_same)) {
      listens_.push_back(std::move(listening));
    }
  }

  void object(std::string message) {
    config_.problems.push_back({pooler_.file, pooler_.line, std::move(message)});
  }

  PoolerConfig& config_;
  const ComposeService& pooler_;
  const ComposeProject& project_;
  std::vector<Endpoint> listens_;
};

} // namespace

void look_from_outside(PoolerConfig& config, const ComposeService& pooler,
                       const ComposeProject& project) {
  OutsideView(config, pooler, project).complete();
}

} // namespace pgtool
