#include "pooler/config/kubernetes.hpp"

#include "pooler/config/kubernetes_object.hpp"

#include <iterator>

namespace pgtool {
namespace {

constexpr std::size_t most_poolers = 1000;

} // namespace

ConfigReading parse_kubernetes(const std::vector<ConfigText>& files) {
  ConfigReading reading;
  const auto objects = read_objects(files, reading.problems);
  for (const auto& object : objects) {
    if (reading.poolers.size() >= most_poolers) {
      reading.problems.push_back({object.file, 0, "describes more than 1,000 poolers"});
      break;
    }
    for (auto found : {operator_poolers(object), workload_poolers(object, objects)}) {
      for (auto& pooler : found) {
        pooler.exposure = Exposure::neighbours;
      }
      reading.poolers.insert(reading.poolers.end(), std::make_move_iterator(found.begin()),
                             std::make_move_iterator(found.end()));
    }
  }
  return reading;
}

} // namespace pgtool
