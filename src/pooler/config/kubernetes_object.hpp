#pragma once

#include "pooler/config/pooler_config.hpp"
#include "pooler/config/yaml_tree.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// One object of a manifest.
struct KubernetesObject {
  std::string file;
  std::string kind;
  std::string group; ///< of its apiVersion: "apps", "" for the core
  std::string name;
  std::string space; ///< its namespace; "" when it is not said
  Yaml body;

  /// "deploy.yaml, Deployment pooler"
  [[nodiscard]] std::string origin() const;
  /// True when both are in one namespace, as far as it is said.
  [[nodiscard]] bool is_beside(const KubernetesObject& other) const;
};

/// The objects of manifests, those in a List among them.
std::vector<KubernetesObject> read_objects(const std::vector<ConfigText>& files,
                                           std::vector<ConfigProblem>& problems);

/// The names by which a service is known: "name" and, where the namespace is said, "name.ns",
/// "name.ns.svc" and "name.ns.svc.cluster.local".
std::vector<std::string> service_hosts(const std::string& name, const std::string& space);

/// A configuration of that object with nothing in it but where it comes from.
PoolerConfig config_of(const KubernetesObject& object);

/// Adds the service's names with that port to what the pooler listens on.
void listen_as(PoolerConfig& config, const std::string& service, const std::string& space,
               const std::string& port);

/// A database of any name whose server is that service; its longer names are `also_at`.
ConfiguredDatabase database_behind(const KubernetesObject& object, const std::string& service,
                                   const std::string& port);

/// The poolers of operators; nothing for every other object.
std::vector<PoolerConfig> operator_poolers(const KubernetesObject& object);

/// The poolers among the containers of a workload (Deployment, StatefulSet, DaemonSet, Pod).
std::vector<PoolerConfig> workload_poolers(const KubernetesObject& workload,
                                           const std::vector<KubernetesObject>& objects);

} // namespace pgtool
