#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered others{fires("auth-file-readable", Severity::warning, "others may read it", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.auth_file->permissions = 0644;

  return deployment;
})};

const Registered group{silent("auth-file-readable", "only its group may read it", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.auth_file->permissions = 0640;

  return deployment;
})};

const Registered empty{silent("auth-file-readable", "it is empty, as Debian's is", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.auth_file = AuthFile{"/etc/pgbouncer/userlist.txt", 0644, 0, 0, 0, true};

  return deployment;
})};

const Registered unseen{silent("auth-file-readable", "its permissions could not be seen", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.auth_file->permissions.reset();

  return deployment;
})};

const Registered nowhere{silent("auth-file-readable", "the list is on another machine", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.auth_file.reset();

  return deployment;
})};

} // namespace
} // namespace pgtool::test
