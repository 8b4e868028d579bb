#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered digests{
    fires("auth-md5", Severity::warning, "the list holds md5 digests, and links are plain",
          [] {
            auto deployment = well_configured();
            auto& pooler = deployment.poolers[0];
            set(pooler, "auth_type", "md5");
            pooler.auth_file = AuthFile{"/etc/pgbouncer/userlist.txt", 0640, 0, 2, 0, true};
            set(pooler, "client_tls_sslmode", "disable");

            return deployment;
          },
          {"tls-off"})};

const Registered unset{fires(
    "auth-md5", Severity::warning, "auth_type is not set, and the list has passwords as they are",
    [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      pooler.settings.erase("auth_type");
      pooler.auth_file = AuthFile{"/etc/pgbouncer/userlist.txt", 0640, 1, 0, 1, true};
      set(pooler, "client_tls_sslmode", "disable");

      return deployment;
    },
    {"tls-off"})};

const Registered with_tls{fires("auth-md5", Severity::info, "md5 within TLS that is demanded", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  set(pooler, "auth_type", "md5");
  pooler.auth_file = AuthFile{"/etc/pgbouncer/userlist.txt", 0640, 0, 2, 0, true};

  return deployment;
})};

const Registered article{fires("auth-md5", Severity::warning, "the article's container says md5",
                               [] {
                                 auto deployment = well_configured();
                                 auto& pooler = deployment.poolers[0];
                                 pooler.form = PoolerFacts::Form::environment;
                                 pooler.auth_file.reset();
                                 set(pooler, "auth_type", "md5");
                                 set(pooler, "listen_addr", "*");
                                 set(pooler, "client_tls_sslmode", "disable");

                                 return deployment;
                               },
                               {"tls-off", "listen-all-addresses"})};

const Registered scram_list{
    silent("auth-md5", "the list has SCRAM secrets only, which PgBouncer uses by itself", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      set(pooler, "auth_type", "md5");
      set(pooler, "client_tls_sslmode", "disable");

      return deployment;
    })};

const Registered unread{silent("auth-md5", "the list could not be read", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  set(pooler, "auth_type", "md5");
  pooler.auth_file->was_read = false;
  set(pooler, "client_tls_sslmode", "disable");

  return deployment;
})};

const Registered md5_server{silent("auth-md5", "the server stores md5 digests itself", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  set(pooler, "auth_type", "md5");
  pooler.auth_file = AuthFile{"/etc/pgbouncer/userlist.txt", 0640, 0, 2, 0, true};
  set(pooler, "client_tls_sslmode", "disable");
  deployment.servers[0].password_encryption = "md5";

  return deployment;
})};

const Registered loopback{silent("auth-md5", "it listens on loopback only, as Debian ships it", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  set(pooler, "auth_type", "md5");
  pooler.auth_file = AuthFile{"/etc/pgbouncer/userlist.txt", 0640, 0, 2, 0, true};
  set(pooler, "client_tls_sslmode", "disable");
  set(pooler, "listen_addr", "localhost");

  return deployment;
})};

const Registered sockets{silent("auth-md5", "it listens on no address at all", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  set(pooler, "auth_type", "md5");
  pooler.auth_file = AuthFile{"/etc/pgbouncer/userlist.txt", 0640, 0, 2, 0, true};
  set(pooler, "client_tls_sslmode", "disable");
  pooler.settings.erase("listen_addr");

  return deployment;
})};

const Registered nothing_known{silent("auth-md5", "nobody told its settings", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.settings.clear();
  pooler.form = PoolerFacts::Form::other;

  return deployment;
})};

const Registered partial{
    silent("auth-md5", "a part of its settings stands in a file that could not be read", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      pooler.settings.erase("auth_type");
      pooler.is_complete = false;
      pooler.auth_file = AuthFile{"/etc/pgbouncer/userlist.txt", 0640, 0, 2, 0, true};

      return deployment;
    })};

} // namespace
} // namespace pgtool::test
