#include "rules/pooler/pool_sums.hpp"

#include "base/text.hpp"
#include "rules/pooler/bouncers.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <map>

namespace pgtool::rules {
namespace {

bool same_server(const OfferedDatabase& one, const OfferedDatabase& other) {
  const auto port = [](const OfferedDatabase& database) {
    return database.port.empty() ? std::string("5432") : database.port;
  };
  return one.host == other.host && port(one) == port(other);
}

std::optional<std::int64_t> own(const Settings& settings, std::string_view key) {
  const auto found = settings.find(key);
  return found != settings.end() ? parse_integer(found->second.value) : std::nullopt;
}

/// The user's own before the database's before the global one, as PgBouncer reads them.
std::int64_t size_for(const PoolerFacts& pooler, const OfferedDatabase& database,
                      const std::string& user, std::initializer_list<std::string_view> keys,
                      std::string_view global) {
  const auto known = pooler.users.find(user);
  for (const auto* settings :
       {known != pooler.users.end() ? &known->second : nullptr, &database.settings}) {
    for (const auto key : keys) {
      const auto value = settings != nullptr ? own(*settings, key) : std::nullopt;
      if (value && *value >= 0) {
        return *value;
      }
    }
  }
  return pooler.number(global).value_or(0);
}

PoolSum pool_of(const PoolerFacts& pooler, const OfferedDatabase& database,
                const std::string& called, const std::string& user) {
  PoolSum pool{called, user};
  pool.size = size_for(pooler, database, user, {"pool_size"}, "default_pool_size");
  pool.reserve =
      size_for(pooler, database, user, {"reserve_pool_size", "reserve_pool"}, "reserve_pool_size");
  pool.is_unlimited = pool.size == 0 && pooler.is_since("1.24");
  return pool;
}

/// The cap of a database: its own, else the global one; 0 for none.
std::int64_t cap_of(const PoolerFacts& pooler, const std::string& called) {
  const auto* database = pooler.database_of(called);
  const auto set =
      database != nullptr ? own(database->settings, "max_db_connections") : std::nullopt;
  return set && *set > 0 ? *set : pooler.number("max_db_connections").value_or(0);
}

std::int64_t user_cap(const PoolerFacts& pooler, const std::string& user) {
  const auto known = pooler.users.find(user);
  const auto set =
      known != pooler.users.end() ? own(known->second, "max_user_connections") : std::nullopt;
  return set && *set > 0 ? *set : pooler.number("max_user_connections").value_or(0);
}

/// Every group under its cap, summed up.
template <typename Key, typename Cap>
std::int64_t capped(const std::vector<PoolSum>& pools, std::int64_t clients, Key key, Cap cap) {
  std::map<std::string, std::int64_t> groups;
  for (const auto& pool : pools) {
    groups[key(pool)] += pool.is_unlimited ? clients : pool.size + pool.reserve;
  }
  std::int64_t sum = 0;
  for (const auto& [name, size] : groups) {
    const auto most = cap(name);
    sum += most > 0 ? std::min(size, most) : size;
  }
  return sum;
}

void add_pool(std::vector<PoolSum>& pools, PoolSum pool) {
  const bool is_known = std::any_of(pools.begin(), pools.end(), [&](const PoolSum& known) {
    return known.database == pool.database && known.user == pool.user;
  });
  if (!is_known) {
    pools.push_back(std::move(pool));
  }
}

} // namespace

PoolerSum pools_of(const Deployment& deployment, const PoolerFacts& pooler,
                   const OfferedDatabase& database) {
  PoolerSum sum{&pooler, {}, 0};
  const auto aliases = aliases_of(deployment, pooler);
  for (const auto* alias : aliases) {
    const auto& called = alias->alias.endpoint.database();
    const auto* entry = pooler.database_of(called);
    if (entry != nullptr && same_server(*entry, database)) {
      const auto& user = entry->forced_user;
      add_pool(sum.pools,
               pool_of(pooler, *entry, called, user.empty() ? alias->alias.endpoint.user() : user));
    }
  }
  if (aliases.empty()) {
    for (const auto& entry : pooler.databases) {
      if (same_server(entry, database)) {
        add_pool(sum.pools, pool_of(pooler, entry, entry.name, entry.forced_user));
      }
    }
  }
  // A pool that others use may never be full: what it has now is what is known.
  for (const auto& pool : pooler.pools) {
    const auto* entry = pooler.database_of(pool.database);
    if (entry != nullptr && same_server(*entry, database) && pool.servers > 0) {
      add_pool(sum.pools, {pool.database, pool.user, pool.servers});
    }
  }
  const auto clients = pooler.number("max_client_conn").value_or(0);
  const auto by_database = capped(
      sum.pools, clients, [](const PoolSum& pool) { return pool.database; },
      [&](const std::string& name) { return cap_of(pooler, name); });
  const auto by_user = capped(
      sum.pools, clients, [](const PoolSum& pool) { return pool.user; },
      [&](const std::string& name) { return user_cap(pooler, name); });
  sum.most = std::min(by_database, by_user) * std::max(pooler.processes, 1);
  return sum;
}

std::string sum_text(const PoolerSum& sum) {
  std::vector<std::string> parts;
  for (const auto& pool : sum.pools) {
    const auto who = pool.database + (pool.user.empty() ? "" : "/" + pool.user);
    auto part = pool.is_unlimited ? who + " without a limit" : fmt::format("{} {}", who, pool.size);
    part += pool.reserve > 0 ? fmt::format(" + {} in reserve", pool.reserve) : "";
    parts.push_back(std::move(part));
  }
  auto text = join(parts, " + ");
  if (sum.pooler->processes > 1) {
    text = fmt::format("({}) × {} processes", text, sum.pooler->processes);
  }
  return text;
}

} // namespace pgtool::rules
