#include "base/text.hpp"
#include "pooler/config/container_environment.hpp"
#include "pooler/config/ini.hpp"
#include "pooler/config/kubernetes_container.hpp"
#include "pooler/config/kubernetes_object.hpp"

#include <algorithm>
#include <utility>

namespace pgtool {
namespace {

constexpr std::size_t most_listens = 64;

std::optional<std::string> read_nothing(const std::string&) { return std::nullopt; }

/// A unix socket is the container's own.
bool is_inside(const Endpoint& listening) { return listening.host().starts_with('/'); }

const Yaml& labels_of(const KubernetesObject& workload) {
  return workload.kind == "Pod" ? workload.body["metadata"]["labels"]
                                : workload.body["spec"]["template"]["metadata"]["labels"];
}

/// True when a Service sends its clients to that workload's pods.
bool leads_to(const KubernetesObject& service, const KubernetesObject& workload) {
  const auto& selector = service.body["spec"]["selector"].members();
  const auto& labels = labels_of(workload);
  return service.kind == "Service" && !selector.empty() && service.is_beside(workload) &&
         std::all_of(selector.begin(), selector.end(), [&](const auto& label) {
           return labels[label.first].is_text() &&
                  labels[label.first].text() == label.second.text();
         });
}

/// The number of a container's port that may be given by its name.
std::string port_number(const Yaml& container, const std::string& port) {
  for (const auto& one : container["ports"].elements()) {
    if (!port.empty() && one["name"].text() == port) {
      return one["containerPort"].text();
    }
  }
  return port;
}

/// The ports inside: what the container says that it listens on, else what it declares.
std::vector<std::string> ports_inside(const PoolerConfig& config, const Yaml& container) {
  std::vector<std::string> ports;
  for (const auto& listening : config.listens) {
    if (!listening.get("port").empty() && !is_inside(listening)) {
      ports.push_back(listening.get("port"));
    }
  }
  for (const auto& port : container["ports"].elements()) {
    if (config.listens.empty() && is_port(port["containerPort"].text())) {
      ports.push_back(port["containerPort"].text());
    }
  }
  return ports;
}

/// Replaces the ports inside by the Services before them; without one the pod's own ports stay.
void listen_behind_services(PoolerConfig& config, const KubernetesObject& workload,
                            const Yaml& container, const std::vector<KubernetesObject>& objects) {
  const auto inside = ports_inside(config, container);
  auto pods_own = std::exchange(config.listens, {});
  std::erase_if(pods_own, is_inside);
  for (const auto& service : objects) {
    if (config.listens.size() >= most_listens || !leads_to(service, workload)) {
      continue;
    }
    for (const auto& port : service.body["spec"]["ports"].elements()) {
      const auto& outside = port["port"].text();
      const auto& target = port["targetPort"].text();
      const auto number = port_number(container, target.empty() ? outside : target);
      if (is_port(outside) && std::find(inside.begin(), inside.end(), number) != inside.end()) {
        listen_as(config, service.name, service.space.empty() ? workload.space : service.space,
                  outside);
      }
    }
  }
  if (config.listens.empty()) {
    config.listens = std::move(pods_own);
  }
}

std::optional<PoolerConfig> read_pooler(const KubernetesObject& workload, const Yaml& container,
                                        const std::vector<KubernetesObject>& objects) {
  const auto described = read_container(workload, container, objects);
  auto config = pooler_of(described);
  auto kind = pooler_kind_of_image(described.image);
  const auto mounted = mounted_file(workload, container, objects);
  if (mounted && (kind.empty() || kind == mounted->kind)) {
    kind = mounted->kind;
    if (kind == "pgbouncer" && !mounted->file.text.empty()) {
      config = parse_bouncer_ini(mounted->file.text, workload.file, read_nothing);
      config->ini_file.clear(); // its lines are not those of the manifest
      config->places.clear();
    } else {
      config = config ? std::move(config) : std::optional(config_of(workload));
      config->own_file = mounted->file;
    }
  }
  if (!config && kind.empty()) {
    return std::nullopt;
  }
  config = config ? std::move(config) : std::optional(config_of(workload));
  config->kind = kind.empty() ? config->kind : kind;
  config->origin = workload.origin();
  config->file = workload.file;
  config->line = container.line();
  if (config->kind == "pgbouncer") {
    config->version = version_of_image(described.image);
  }
  return config;
}

} // namespace

std::vector<PoolerConfig> workload_poolers(const KubernetesObject& workload,
                                           const std::vector<KubernetesObject>& objects) {
  std::vector<PoolerConfig> found;
  for (const auto& container : pod_of(workload)["containers"].elements()) {
    if (auto config = read_pooler(workload, container, objects)) {
      listen_behind_services(*config, workload, container, objects);
      found.push_back(std::move(*config));
    }
  }
  return found;
}

} // namespace pgtool
