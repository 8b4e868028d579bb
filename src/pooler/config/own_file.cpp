#include "pooler/config/own_file.hpp"

#include "base/text.hpp"

namespace pgtool {
namespace {

struct Row {
  std::string_view kind;
  std::string_view file;
};

constexpr Row rows[] = {{"pgbouncer", "pgbouncer.ini"}, {"odyssey", "odyssey.conf"},
                        {"pgcat", "pgcat.toml"},        {"pgdog", "pgdog.toml"},
                        {"pgpool", "pgpool.conf"},      {"pgagroal", "pgagroal.conf"}};

bool is_configuration_folder(std::string_view target) {
  return target.starts_with("/etc/") || target.ends_with("/conf");
}

} // namespace

std::optional<OwnFileName> own_file_at(std::string_view target) {
  while (target.size() > 1 && target.ends_with('/')) {
    target.remove_suffix(1);
  }
  const auto slash = target.rfind('/');
  const auto last = slash == std::string_view::npos ? target : target.substr(slash + 1);
  for (const auto& [kind, file] : rows) {
    const bool is_named_after = target.find(kind) != std::string_view::npos;
    const bool is_other_ini = kind == "pgbouncer" && is_named_after && last.ends_with(".ini");
    if (last == file || is_other_ini) {
      return OwnFileName{std::string(kind), ""};
    }
    if (is_named_after && is_configuration_folder(target) &&
        last.find('.') == std::string_view::npos) {
      return OwnFileName{std::string(kind), std::string(file)};
    }
  }
  return std::nullopt;
}

} // namespace pgtool
