#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered told{fires("variable-not-read", Severity::warning, "the reader met it", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.misread.push_back({{"pgbouncer.ini", 7, ""},
                            "edoburu/pgbouncer does not read PGBOUNCER_POOL_MODE, but POOL_MODE",
                            Misread::Kind::unread_variable});

  return deployment;
})};

const Registered others{silent("variable-not-read", "the reader met something else", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.misread.push_back({{"pgbouncer.ini", 7, ""}, "something", Misread::Kind::refused});
  pooler.misread.push_back({{"pgbouncer.ini", 7, ""}, "something", Misread::Kind::unknown_key});
  pooler.misread.push_back({{"pgbouncer.ini", 7, ""}, "something", Misread::Kind::inline_comment});
  pooler.misread.push_back({{"pgbouncer.ini", 7, ""}, "something", Misread::Kind::other});

  return deployment;
})};

const Registered other_pooler{silent("variable-not-read", "it is no PgBouncer", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.misread.push_back({{"odyssey.conf", 7, ""}, "something", Misread::Kind::unread_variable});
  pooler.kind = "odyssey";

  return deployment;
})};

} // namespace
} // namespace pgtool::test
