#include "connector/cure.hpp"

#include "pooler/trouble.hpp"

namespace pgtool {
namespace {

bool has(const Refusal& refusal, const char* word) {
  return refusal.message.find(word) != std::string::npos;
}

} // namespace

bool is_about_password(const Refusal& refusal) {
  // PgBouncer speaks of SASL and has no state of its own for it.
  return refusal.sqlstate == "28P01" || has(refusal, "password") || has(refusal, "SASL") ||
         has(refusal, "authentication failed") || has(refusal, "no such user");
}

std::string cure_for(const ConnectFailure& failure, const std::string& source) {
  const auto& refusal = failure.refusal;
  const auto& state = refusal.sqlstate;
  if (failure.login_begun) {
    return unfinished_login().cure;
  }
  if (failure.kind == ConnectFailure::Kind::timed_out) {
    return "check host and port of " + source + ", or give it longer with --connect-timeout";
  }
  if (state == "57P03" || state == "57P01" || state == "57P02") {
    return "the server is starting or stopping: run the same command again when it is up";
  }
  if (state.starts_with("53")) {
    return "wait until sessions have ended, or end some (pg_stat_activity)";
  }
  if (const auto trouble = trouble_in(refusal)) {
    return trouble->cure;
  }
  if (is_about_password(refusal)) {
    return "check user and password of " + source +
           " and the passfile; an expired password is refused with the same words";
  }
  if (state == "28000") {
    return "let pg_hba.conf of that server admit this user from here, with or without TLS (sslmode "
           "of " +
           source + ")";
  }
  if (state == "3D000" || has(refusal, "no such database") ||
      (has(refusal, "database") && has(refusal, "does not exist"))) { // as poolers say it
    return "check the database name of " + source;
  }
  if (has(refusal, "SSL") || has(refusal, "certificate")) {
    return "check sslmode and sslrootcert of " + source +
           ", and that its host is the one in the server's certificate";
  }
  return "check host and port of " + source;
}

} // namespace pgtool
