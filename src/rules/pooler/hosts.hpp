#pragma once

#include <string>

namespace pgtool::rules {

/// How far a link to a host goes, as far as the host's name tells.
enum class Distance {
  here,        ///< unix sockets and loopback addresses
  neighbour,   ///< another container of the same machine or cluster, a name of a private network
  private_net, ///< an address that is not routed on the internet
  public_net
};

/// Of a list of hosts the farthest. A name without a dot is that of a container or a machine in the
/// same network; so are .internal, .local and what Kubernetes gives its services.
Distance distance_to(const std::string& hosts);

} // namespace pgtool::rules
