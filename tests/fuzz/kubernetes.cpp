#include "pooler/config/kubernetes.hpp"
#include "pooler_checks.hpp"

namespace pgtool::fuzz {
namespace {

void check_kubernetes(std::string_view bytes) {
  const auto reading = parse_kubernetes({{"k8s.yaml", with_secret_behind(bytes, "password: ")}});

  if (bytes.find("%include") != std::string_view::npos) {
    return;
  }
  check_problems(reading.problems);
  for (const auto& pooler : reading.poolers) {
    check_pooler(pooler);
  }
}

const Target target("kubernetes", check_kubernetes);

} // namespace
} // namespace pgtool::fuzz
