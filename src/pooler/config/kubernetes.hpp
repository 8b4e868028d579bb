#pragma once

#include "pooler/config/pooler_config.hpp"

#include <vector>

namespace pgtool {

/// Every pooler that Kubernetes manifests describe, those of one deployment given together: a
/// CloudNativePG Pooler, the poolers of Zalando's postgresql and of Crunchy's PostgresCluster, and
/// containers that follow a convention (see pooler_of) or are given a pooler's own file, with the
/// Services before them. Hosts are given without and with the namespace, as far as it is said.
/// Values that stand in Secrets are not decoded. A pgbouncer.ini that a ConfigMap holds is read in
/// place of the environment; `own_file` tells of one that stands elsewhere, and has the text of
/// those of other poolers.
ConfigReading parse_kubernetes(const std::vector<ConfigText>& files);

} // namespace pgtool
