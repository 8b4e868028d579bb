#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered told{fires("config-broken", Severity::error, "the reader met it", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.misread.push_back(
      {{"pgbouncer.ini", 7, ""}, "expected key = value", Misread::Kind::refused});

  return deployment;
})};

const Registered others{silent("config-broken", "the reader met something else", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.misread.push_back({{"pgbouncer.ini", 7, ""}, "something", Misread::Kind::unknown_key});
  pooler.misread.push_back({{"pgbouncer.ini", 7, ""}, "something", Misread::Kind::inline_comment});
  pooler.misread.push_back({{"pgbouncer.ini", 7, ""}, "something", Misread::Kind::unread_variable});
  pooler.misread.push_back({{"pgbouncer.ini", 7, ""}, "something", Misread::Kind::other});

  return deployment;
})};

const Registered other_pooler{silent("config-broken", "it is no PgBouncer", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.misread.push_back({{"odyssey.conf", 7, ""}, "something", Misread::Kind::refused});
  pooler.kind = "odyssey";

  return deployment;
})};

} // namespace
} // namespace pgtool::test
