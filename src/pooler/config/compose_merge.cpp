#include "pooler/config/compose_merge.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace pgtool {
namespace {

void replace(std::string& base, std::string& over) {
  if (!over.empty()) {
    base = std::move(over);
  }
}

template <typename Element> void join(std::vector<Element>& base, std::vector<Element>& over) {
  base.insert(base.end(), std::make_move_iterator(over.begin()),
              std::make_move_iterator(over.end()));
}

template <typename Map> void lay_over(Map& base, Map& over) {
  over.merge(base);
  base = std::move(over);
}

} // namespace

ComposeService merged(ComposeService base, ComposeService over) {
  base.name = over.name;
  base.file = over.file;
  base.line = over.line;
  replace(base.image, over.image);
  replace(base.build, over.build);
  replace(base.container_name, over.container_name);
  replace(base.hostname, over.hostname);
  base.on_host_network = base.on_host_network || over.on_host_network;
  join(base.aliases, over.aliases);
  lay_over(base.links, over.links);
  lay_over(base.environment, over.environment);
  lay_over(base.places, over.places);
  if (!over.max_connections.empty()) {
    base.max_connections = std::move(over.max_connections);
    base.max_connections_place = std::move(over.max_connections_place);
  }
  join(base.ports, over.ports);
  join(base.exposed, over.exposed);
  join(base.mounts, over.mounts);
  join(base.problems, over.problems);
  return base;
}

std::vector<std::string> ComposeService::names() const {
  std::vector<std::string> all{name};
  for (const auto* one : {&container_name, &hostname}) {
    if (!one->empty()) {
      all.push_back(*one);
    }
  }
  all.insert(all.end(), aliases.begin(), aliases.end());
  std::vector<std::string> distinct;
  for (auto& one : all) {
    if (std::find(distinct.begin(), distinct.end(), one) == distinct.end()) {
      distinct.push_back(std::move(one));
    }
  }
  return distinct;
}

} // namespace pgtool
