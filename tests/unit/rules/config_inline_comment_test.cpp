#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered told{fires("config-inline-comment", Severity::error, "the reader met it", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.misread.push_back({{"pgbouncer.ini", 7, ""},
                            "default_pool_size: a comment needs a line of its own",
                            Misread::Kind::inline_comment});

  return deployment;
})};

const Registered others{silent("config-inline-comment", "the reader met something else", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.misread.push_back({{"pgbouncer.ini", 7, ""}, "something", Misread::Kind::refused});
  pooler.misread.push_back({{"pgbouncer.ini", 7, ""}, "something", Misread::Kind::unknown_key});
  pooler.misread.push_back({{"pgbouncer.ini", 7, ""}, "something", Misread::Kind::unread_variable});
  pooler.misread.push_back({{"pgbouncer.ini", 7, ""}, "something", Misread::Kind::other});

  return deployment;
})};

const Registered other_pooler{silent("config-inline-comment", "it is no PgBouncer", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.misread.push_back({{"odyssey.conf", 7, ""}, "something", Misread::Kind::inline_comment});
  pooler.kind = "odyssey";

  return deployment;
})};

} // namespace
} // namespace pgtool::test
