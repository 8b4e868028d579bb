#include "pooler/config/ini.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "pooler/config/bouncer_entry.hpp"
#include "pooler/config/bouncer_keys.hpp"
#include "pooler/config/bouncer_listens.hpp"
#include "pooler/config/bouncer_values.hpp"
#include "pooler/config/ini_include.hpp"
#include "pooler/config/ini_scanner.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/core.h>

namespace pgtool {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::size_t deepest_include = 10; // PgBouncer's own limit
constexpr std::size_t most_includes = 100;
constexpr std::size_t most_problems = 100;
constexpr std::size_t longest_name = 200;

class IniReader {
public:
  IniReader(const std::string& file, const ReadInclude& read_include)
      : read_include_(read_include) {
    config_.file = file;
    config_.origin = file;
    config_.is_bouncer_ini = true;
    config_.ini_file = file;
  }

  PoolerConfig read(std::string_view text) {
    read_file(config_.file, text);
    if (!has_main_) {
      complain(config_.file, 0, {"there is no [pgbouncer] section", ProblemKind::refused});
      return std::move(config_);
    }
    Complaints complaints(room());
    config_.listens = bouncer_listens(config_.settings, config_.origin, complaints);
    for (const auto& complaint : complaints) {
      complain(config_.file, 0, complaint);
    }
    return std::move(config_);
  }

private:
  void read_file(const std::string& file, std::string_view text) {
    open_.push_back(file);
    if (text.starts_with(byte_order_mark)) {
      text.remove_prefix(byte_order_mark.size());
      complain(file, 1,
               {"a byte order mark, which is a syntax error for PgBouncer", ProblemKind::refused});
    }
    const auto whole = text;
    text = text.substr(0, text.find('\0'));
    IniScanner scanner(text);
    while (const auto item = scanner.next()) {
      take(*item);
    }
    if (text.size() < whole.size()) {
      complain(file, 1 + static_cast<int>(std::count(text.begin(), text.end(), '\n')),
               {"a NUL byte, behind which PgBouncer reads nothing", ProblemKind::other});
    }
    open_.pop_back();
  }

  void take(const IniItem& item) {
    Complaints complaints(room());
    switch (item.kind) {
    case IniItem::Kind::section:
      enter(item.name, complaints);
      break;
    case IniItem::Kind::include:
      include(item.name, complaints);
      break;
    case IniItem::Kind::entry:
      take_entry(item, complaints);
      break;
    case IniItem::Kind::broken:
      complaints.add("expected key = value, [section] or %include FILE");
      break;
    }
    for (const auto& complaint : complaints) {
      complain(open_.back(), item.line, complaint);
    }
  }

  void enter(std::string_view name, Complaints& complaints) {
    section_ = bouncer_section(name);
    before_first_ = false;
    if (!section_) {
      complaints.add("unknown section" + quoted_if_plain(name) +
                     "; known are pgbouncer, databases, users and peers");
    }
    if (section_ == BouncerSection::pgbouncer) {
      reset_settings(complaints);
      has_main_ = true;
    }
  }

  /// A section that begins sets its keys to their defaults, those that have one.
  void reset_settings(Complaints& complaints) {
    const auto reset = std::erase_if(config_.settings, [](const auto& setting) {
      const auto* key = find_bouncer_key(BouncerSection::pgbouncer, setting.first);
      return key == nullptr || key->trait != KeyTrait::kept;
    });
    config_.mode.clear();
    if (reset > 0) {
      complaints.add(
          "a second [pgbouncer] section sets what the one before it set back to the defaults",
          ProblemKind::other);
    }
  }

  void include(std::string_view name, Complaints& complaints) {
    if (open_.size() > deepest_include || included_ >= most_includes) {
      config_.is_partial = true;
      complaints.add("too many included files; this one is not read", ProblemKind::other);
      return;
    }
    const auto found = find_include(name, config_.file, open_.back(), read_include_);
    if (!found) {
      config_.is_partial = true;
      complaints.add(
          fmt::format("the included file {} cannot be read; looked for it from the folder of this "
                      "file, of the first file, and from the current one",
                      name.substr(0, longest_name)),
          ProblemKind::other);
      return;
    }
    if (is_open(found->path)) {
      complaints.add(found->path + " includes itself", ProblemKind::other);
      return;
    }
    if (!found->rival.empty()) {
      complaints.add(
          fmt::format("{} and {} differ, and the folder that PgBouncer is started in decides which "
                      "one it includes; read is the first",
                      found->path, found->rival),
          ProblemKind::other);
    }
    ++included_;
    read_file(found->path, found->text);
  }

  [[nodiscard]] bool is_open(const std::string& path) const {
    return std::any_of(open_.begin(), open_.end(), [&](const std::string& file) {
      return std::filesystem::path(file).lexically_normal() == path;
    });
  }

  void take_entry(const IniItem& item, Complaints& complaints) {
    if (!section_) {
      if (before_first_) {
        complaints.add("a key stands before the first section");
      }
      return;
    }
    switch (*section_) {
    case BouncerSection::pgbouncer:
      take_setting(item, complaints);
      break;
    case BouncerSection::databases:
      take_database(item, complaints);
      break;
    case BouncerSection::users:
      config_.users.insert_or_assign(std::string(item.name),
                                     read_bouncer_user(item.name, item.value, complaints));
      break;
    case BouncerSection::peers:
      check_bouncer_peer(item.name, item.value, complaints);
      break;
    }
  }

  void take_setting(const IniItem& item, Complaints& complaints) {
    const auto* key = find_bouncer_key(BouncerSection::pgbouncer, item.name);
    if (key == nullptr) {
      complaints.add_unknown(BouncerSection::pgbouncer, item.name);
      return;
    }
    if (key->trait == KeyTrait::secret) {
      return;
    }
    std::string value(item.value);
    if (key->name == "pool_mode") {
      value = read_pool_mode(item.value, complaints).value_or("");
      config_.mode = value;
    } else {
      check_value(item, complaints);
    }
    config_.settings.insert_or_assign(std::string(item.name), std::move(value));
    config_.places.insert_or_assign(std::string(item.name),
                                    KeyPlace{open_.back(), item.line, std::string(item.name)});
  }

  static void check_value(const IniItem& item, Complaints& complaints) {
    const std::string name(item.name);
    if (has_inline_comment(item.name, item.value)) {
      complaints.add(name + ": " + std::string(comment_alone), ProblemKind::inline_comment);
    } else if (const auto why = refusal_of(item.name, item.value); !why.empty()) {
      complaints.add(name + ": " + std::string(why));
    }
  }

  void take_database(const IniItem& item, Complaints& complaints) {
    if (item.name.empty() || item.name == "pgbouncer") {
      complaints.add(item.name.empty() ? "the name of a database is missing"
                                       : "the name pgbouncer is that of the console");
      return;
    }
    auto read = read_bouncer_database(item.name, item.value, complaints);
    if (!read) {
      return;
    }
    auto& database = *read;
    database.line = item.line;
    database.server.origin = open_.back();
    const auto [place, is_new] = places_.emplace(item.name, config_.databases.size());
    if (is_new) {
      config_.databases.push_back(std::move(database));
      return;
    }
    auto& before = config_.databases[place->second];
    complaints.add(fmt::format("this database stands in line {} of {} already; this entry counts",
                               before.line, before.server.origin),
                   ProblemKind::other);
    if (item.name != "*" && database.server.user().empty() && !before.server.user().empty()) {
      complaints.add("the user of its first entry stays", ProblemKind::other);
      database.server.set("user", before.server.user());
      database.server.password = before.server.password;
    }
    before = std::move(database);
  }

  /// One more than is told, which stands for all others.
  [[nodiscard]] std::size_t room() const { return most_problems + 1 - config_.problems.size(); }

  void complain(const std::string& file, int line, Complaints::One complaint) {
    if (room() > 0) {
      const bool is_last = room() == 1;
      config_.problems.push_back(
          {file, line, is_last ? "more problems follow from here" : std::move(complaint.words),
           complaint.kind});
    }
  }

  const ReadInclude& read_include_;
  PoolerConfig config_;
  std::map<std::string, std::size_t, std::less<>> places_; ///< of the databases
  std::vector<std::string> open_;                          ///< files, from the first one inwards
  std::size_t included_ = 0;
  std::optional<BouncerSection> section_;
  bool before_first_ = true;
  bool has_main_ = false;
};

} // namespace

PoolerConfig parse_bouncer_ini(std::string_view text, const std::string& file,
                               const ReadInclude& read_include) {
  return IniReader(file, read_include).read(text);
}

PoolerConfig parse_bouncer_ini(std::string_view text, const std::string& file) {
  return parse_bouncer_ini(text, file,
                           [](const std::string& included) -> std::optional<std::string> {
                             try {
                               return read_file(included);
                             } catch (const Error&) {
                               return std::nullopt;
                             }
                           });
}

PoolerConfig read_bouncer_ini(const std::string& path) {
  return parse_bouncer_ini(read_file(path), path);
}

} // namespace pgtool
