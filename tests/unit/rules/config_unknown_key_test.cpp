#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered told{fires("config-unknown-key", Severity::error, "the reader met it", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.misread.push_back({{"pgbouncer.ini", 7, ""},
                            "unknown key 'poolmode'; did you mean pool_mode?",
                            Misread::Kind::unknown_key});

  return deployment;
})};

const Registered others{silent("config-unknown-key", "the reader met something else", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.misread.push_back({{"pgbouncer.ini", 7, ""}, "something", Misread::Kind::refused});
  pooler.misread.push_back({{"pgbouncer.ini", 7, ""}, "something", Misread::Kind::inline_comment});
  pooler.misread.push_back({{"pgbouncer.ini", 7, ""}, "something", Misread::Kind::unread_variable});
  pooler.misread.push_back({{"pgbouncer.ini", 7, ""}, "something", Misread::Kind::other});

  return deployment;
})};

const Registered other_pooler{silent("config-unknown-key", "it is no PgBouncer", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.misread.push_back({{"odyssey.conf", 7, ""}, "something", Misread::Kind::unknown_key});
  pooler.kind = "odyssey";

  return deployment;
})};

} // namespace
} // namespace pgtool::test
