#pragma once

#include "pooler/config/container.hpp"
#include "pooler/config/pooler_config.hpp"

#include <span>
#include <string_view>

namespace pgtool {

/// A variable and what it is called in pgbouncer.ini, or should have been called.
struct Renamed {
  std::string_view variable;
  std::string_view name;
};

/// The variables, or the values, that make one server.
struct ServerWords {
  std::string_view host;
  std::string_view port;
  std::string_view name;   ///< what clients call the database
  std::string_view dbname; ///< what the server calls it
  std::string_view user;
  std::string_view password;
};

/// How the image of a pooler is configured by variables: what they are called and what holds when
/// they are not set.
struct Convention {
  std::string_view name; ///< the image, as people call it
  std::string_view kind; ///< see PoolerReport
  bool (*is_followed)(const Container&);
  ServerWords server;           ///< variables; without a host there is no server by these
  ServerWords defaults;         ///< values
  bool forces_login = false;    ///< the pooler logs in as that user, whoever the client is
  bool reads_files = false;     ///< NAME_FILE names a file with the value of NAME
  std::string_view listen_addr; ///< variables
  std::string_view listen_port;
  std::string_view default_port;     ///< inside the container
  std::string_view prefix;           ///< what stands before a key of pgbouncer.ini in upper case
  std::span<const Renamed> renamed;  ///< variables of keys that the prefix does not give
  std::span<const Renamed> settings; ///< keys and the values that they have unasked
  std::span<const Renamed> mistaken; ///< variables that people set and the image does not read
  /// What is said in a way that only this image knows.
  void (*complete)(const Container&, PoolerConfig&) = nullptr;
};

/// All that are known, the most particular first.
std::span<const Convention> conventions();

/// The keys of pgbouncer.ini that images take from variables of the same name in upper case.
std::span<const std::string_view> ini_keys();

/// Reads a URL of a server as containers hold it: any scheme that speaks of PostgreSQL will do, and
/// parameters that libpq does not know do not harm. Nothing, and a problem, when it is none.
std::optional<Endpoint> server_of_url(const std::string& url, const std::string& variable,
                                      const Container& container, PoolerConfig& config);

} // namespace pgtool
