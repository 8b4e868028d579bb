#pragma once

#include "pooler/config/container.hpp"
#include "pooler/config/kubernetes_object.hpp"

#include <optional>
#include <vector>

namespace pgtool {

/// A workload's container with the variables that the manifests tell: those of ConfigMaps and of
/// Secrets in plain text are filled in, others are known to stand elsewhere.
Container read_container(const KubernetesObject& workload, const Yaml& container,
                         const std::vector<KubernetesObject>& objects);

/// What a pooler's own file is, when the container is given one; the text where a ConfigMap holds
/// it.
struct MountedFile {
  std::string kind;
  OwnFile file;
};
std::optional<MountedFile> mounted_file(const KubernetesObject& workload, const Yaml& container,
                                        const std::vector<KubernetesObject>& objects);

/// The pod that a workload makes.
const Yaml& pod_of(const KubernetesObject& workload);

} // namespace pgtool
