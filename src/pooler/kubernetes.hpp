#pragma once

#include "pooler/pooler_config.hpp"

#include <vector>

namespace pgtool {

/// Every pooler that Kubernetes manifests describe, those of one deployment given together: a
/// CloudNativePG Pooler, the poolers of Zalando's postgresql and of Crunchy's PostgresCluster, and
/// containers that follow a convention (see pooler_of) or are given a pooler's own file, with the
/// Services before them. Hosts are given without and with the namespace, as far as it is said.
/// Values that stand in Secrets are not decoded. `read_ini` reads a pgbouncer.ini that a ConfigMap
/// holds; it may be empty, then `own_file` has the text.
ConfigReading parse_kubernetes(const std::vector<ConfigText>& files,
                               const ReadBouncerIni& read_ini = {});

} // namespace pgtool
