#include "connector/proofs.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

namespace {

constexpr const char* nonce = "n0nce";

SessionFacts backend() {
  SessionFacts facts;
  facts.key_pid = facts.server_pid = 4711;
  facts.echo = nonce;
  facts.local_port = facts.seen_port = 40000;
  facts.backend_age_ms = 10;
  facts.our_age_ms = 12;
  facts.user = facts.session_user = "app";
  facts.schemas = "{public}";
  facts.migrations_schema = "public";
  return facts;
}

const Proof& named(const Judgement& judgement, const std::string& name) {
  for (const auto& proof : judgement.proofs) {
    if (proof.name == name) {
      return proof;
    }
  }
  FAIL("no proof " << name);
  return judgement.proofs.front();
}

} // namespace

TEST_CASE("a backend of our own is direct") {
  const auto judgement = judge_direct(backend(), nonce);

  CHECK(judgement.holds);
  CHECK(judgement.reason.empty());
}

TEST_CASE("a dropped or foreign start-up option is not direct") {
  auto facts = backend();
  facts.echo = std::nullopt;
  CHECK_FALSE(judge_direct(facts, nonce).holds);

  facts.echo = "another";
  CHECK_FALSE(judge_direct(facts, nonce).holds);
}

TEST_CASE("a key that is not the backend's pid is not direct") {
  auto facts = backend();
  facts.key_pid = -1810304923;

  const auto judgement = judge_direct(facts, nonce);

  CHECK_FALSE(judgement.holds);
  CHECK(judgement.reason.find("4711") != std::string::npos);
}

TEST_CASE("a backend older than our connect is not direct") {
  auto facts = backend();
  facts.backend_age_ms = facts.our_age_ms + 51;

  CHECK_FALSE(judge_direct(facts, nonce).holds);
}

TEST_CASE("a translated port is said and the other proofs decide") {
  auto facts = backend();
  facts.seen_port = 61000;

  const auto judgement = judge_direct(facts, nonce);

  CHECK(judgement.holds);
  CHECK_FALSE(named(judgement, "client-port").holds.has_value());
}

TEST_CASE("Pgpool-II passes every other proof and is caught by its own answer") {
  auto facts = backend();
  facts.seen_port = 61000;
  facts.pgpool_version = "4.3.5";

  CHECK_FALSE(judge_direct(facts, nonce).holds);
}

TEST_CASE("on a socket whose processes are hidden the other proofs decide") {
  auto facts = backend();
  facts.socket = true;
  facts.local_port = 0;
  facts.seen_port = -1;

  const auto judgement = judge_direct(facts, nonce);

  CHECK(judgement.holds);
  CHECK_FALSE(named(judgement, "peer-process").holds.has_value());
}

TEST_CASE("each difference of view is named") {
  for (const auto change : {&SessionFacts::user, &SessionFacts::session_user,
                            &SessionFacts::schemas, &SessionFacts::migrations_schema}) {
    auto direct = backend();
    direct.*change = "other";

    const auto judgement = judge_same_view(backend(), direct);

    CHECK_FALSE(judgement.holds);
    CHECK(judgement.reason.find("other") != std::string::npos);
  }
  CHECK(judge_same_view(backend(), backend()).holds);
}

TEST_CASE("one database is known by the server's start, not by the name of its host") {
  auto one = backend();
  one.server_start = "1700000000.000001";
  one.database = "shop";
  auto other = one;
  other.user = "owner";
  CHECK(same_database(one, other));

  other.database = "logs";
  CHECK_FALSE(same_database(one, other));
  CHECK_FALSE(same_database({}, {}));
}
