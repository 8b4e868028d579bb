#include "commands/schema_move/recycler.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool {
namespace {

constexpr const char* name_a_console =
    "name the console of an admin with --console-url, once for each process of the pooler";

std::string words(const std::string& place, const Recycled& recycled) {
  std::vector<std::string> accepted;
  for (const auto& process : recycled.processes) {
    if (!process.accepted.empty()) {
      accepted.push_back(process.place + ": " + join(process.accepted, ", "));
    }
  }
  if (!recycled.done()) {
    accepted.push_back(fmt::format("the pooler at {} was not told to renew its sessions: {}", place,
                                   recycled.why_not));
  }
  return join(accepted, "; ");
}

Finding finding_of(const std::string& place, const Recycled& recycled, double drain_timeout) {
  const auto& life = recycled.life;
  const bool ends_in_time = life && !life->unlimited && life->seconds <= drain_timeout;
  return {.rule = "no-recycling",
          .severity = ends_in_time ? Severity::warning : Severity::error,
          .message = fmt::format("the pooler at {} cannot be told to renew its sessions: {}", place,
                                 first_line(recycled.why_not)),
          .where = {.object = place},
          .detail = life ? "its sessions end by themselves: " + life->meaning
                         : "how long its sessions live is not known",
          .remedy =
              ends_in_time
                  ? "they are waited for"
                  : fmt::format("{}; or --accept no-recycling waits for them all the same, up "
                                "to --drain-timeout ({:g} s)",
                                name_a_console, drain_timeout)};
}

} // namespace

Recycler::Recycler(const MoveGround& ground)
    : database_(ground.chosen().survey.direct->session.facts().database) {
  for (const auto& alias : ground.aliases) {
    const auto place = alias.request.known.pooled.host() + ":" + alias.request.known.pooled.port();
    const bool known = std::any_of(poolers_.begin(), poolers_.end(),
                                   [&](const auto& one) { return one.place == place; });
    const bool has_pooler = !alias.survey.direct || !alias.survey.direct->is_pooled_endpoint;
    if (has_pooler && !known) {
      const auto& report = alias.survey.pooler.kind == "unknown" ? ground.chosen().survey.pooler
                                                                 : alias.survey.pooler;
      poolers_.push_back({place, std::make_unique<PoolerAdmin>(alias.request, report), {}});
    }
  }
}

void Recycler::rehearse() {
  for (auto& pooler : poolers_) {
    pooler.last = pooler.admin->rehearse(database_);
  }
}

std::string Recycler::recycle() {
  std::vector<std::string> told;
  cure_.clear();
  for (auto& pooler : poolers_) {
    pooler.last = pooler.admin->recycle(database_);
    told.push_back(words(pooler.place, pooler.last));
    if (!pooler.last.done()) {
      cure_ = pooler.last.why_not + "; " + name_a_console;
    } else if (pooler.admin->may_have_more()) {
      cure_ = fmt::format("several processes share {}: {}", pooler.place, name_a_console);
    }
  }
  return join(told, "; ");
}

void Recycler::recycle_others() {
  for (auto& pooler : poolers_) {
    pooler.admin->recycle_others(database_);
  }
}

PauseOrder Recycler::pause_order() {
  if (poolers_.size() != 1) {
    throw Error(Failure::usage,
                poolers_.empty() ? std::string("--strategy pause: there is no pooler to pause")
                                 : "--strategy pause: the aliases go through several poolers",
                "use --strategy expand");
  }
  auto& admin = *poolers_.front().admin;
  auto entries = admin.entries(database_);
  if (admin.processes() == 0 || entries.empty()) {
    throw Error(Failure::usage,
                "--strategy pause needs the admin console of a PgBouncer, and none was found",
                std::string(name_a_console) + "; or use --strategy expand");
  }
  return {admin.consoles(), std::move(entries), 0, 0};
}

std::vector<Finding> Recycler::findings(double drain_timeout) const {
  std::vector<Finding> findings;
  for (const auto& pooler : poolers_) {
    if (!pooler.last.done()) {
      findings.push_back(finding_of(pooler.place, pooler.last, drain_timeout));
    }
  }
  return findings;
}

} // namespace pgtool
