#include "base/error.hpp"
#include "cli/command_line.hpp"
#include "cli/config.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

using namespace pgtool;

namespace {

namespace fs = std::filesystem;

class Folder {
public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "pgtool-config-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string write(const std::string& name, const std::string& text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << text;
    return (path_ / name).string();
  }
  [[nodiscard]] std::string path(const std::string& name = "") const {
    return (path_ / name).string();
  }

private:
  fs::path path_;
};

MigrateOptions migrate_with(const std::string& yaml, Environment environment = {}) {
  const Folder folder;
  const std::string file = folder.write("pgtool.yaml", yaml);
  return std::get<MigrateOptions>(parse({"migrate", "--config", file}, environment).command);
}

/// The error without the folder before the file's name.
std::string refusal(const std::string& yaml, const Environment& environment = {}) {
  try {
    migrate_with(yaml, environment);
  } catch (const Error& error) {
    CHECK(error.kind() == Failure::usage);
    const std::string message = error.what();
    return message.substr(std::min(message.find("pgtool.yaml"), message.size())) +
           (error.hint().empty() ? "" : " | " + error.hint());
  }
  return "accepted";
}

} // namespace

TEST_CASE("the file sets what neither a flag nor the environment sets") {
  const std::string yaml = "connect:\n  timeout: 7\nmigrate:\n  wait: 3m\noutput: {color: never}\n";

  const auto options = migrate_with(yaml, {{"PGTOOL_WAIT", "1m"}});

  CHECK(options.common.connect.timeout == 7);
  CHECK(options.route.wait == 60);
  CHECK(options.common.output.color == Color::never);
}

TEST_CASE("aliases are read with values from the environment") {
  const auto options = migrate_with("databases:\n"
                                    "  default:\n"
                                    "    pooled: postgresql://app:${PW}@pool/shop\n"
                                    "    console: [one, '${PW}']\n"
                                    "  analytics: {direct: d, console: only}\n",
                                    {{"PW", "hunter2"}});

  const auto& aliases = options.common.connect.aliases;
  CHECK(aliases.at("default").pooled == "postgresql://app:hunter2@pool/shop");
  CHECK(aliases.at("default").console == std::vector<std::string>{"one", "hunter2"});
  CHECK(aliases.at("analytics").direct == "d");
  CHECK(aliases.at("analytics").console == std::vector<std::string>{"only"});
}

TEST_CASE("relative paths start at the file's folder") {
  const Folder folder;
  const auto file = folder.write("pgtool.yaml", "project: {dir: shop, python: venv/bin/python}\n");

  const auto options = std::get<DetectOptions>(parse({"detect", "--config", file}, {}).command);

  CHECK(options.common.project.dir == folder.path("shop"));
  CHECK(options.common.project.python == folder.path("venv/bin/python"));
}

TEST_CASE("the file in the project's folder is found") {
  const Folder folder;
  folder.write("shop/pgtool.yml", "connect: {timeout: 9}\n");

  const auto options =
      std::get<DetectOptions>(parse({"detect", "--project", folder.path("shop")}, {}).command);

  CHECK(options.common.connect.timeout == 9);
}

TEST_CASE("an unknown key is named with its line and the nearest known one") {
  CHECK(refusal("connect:\n  timeuot: 5\n") ==
        "pgtool.yaml:2: unknown key connect.timeuot | did you mean connect.timeout?");
  CHECK(refusal("databases:\n  default:\n    host: x\n") ==
        "pgtool.yaml:3: unknown key databases.default.host | known here: pooled, direct, console, "
        "roles");
}

TEST_CASE("a key for a later version is not swallowed") {
  const std::string expected =
      " is known, but not supported by this version | remove it, or put it in when the command "
      "that reads it is there";

  CHECK(refusal("targets: []\n") == "pgtool.yaml:1: targets" + expected);
}

TEST_CASE("ignored rules are a list of rules, or of mappings that say where, why and how long") {
  CHECK(refusal("rules: {ignore: auth-md5}\n") ==
        "pgtool.yaml:1: rules.ignore: expected a list | for example: [{rule: auth-md5, reason: …, "
        "until: 2027-03-31}]");
  CHECK(refusal("rules:\n  ignore:\n    - {rule: auth-md5, untill: 2027-01-01}\n") ==
        "pgtool.yaml:3: unknown key rules.ignore.untill | known here: rule, where, reason, until");
  CHECK(refusal("rules:\n  ignore:\n    - {reason: none}\n") ==
        "pgtool.yaml:3: rules.ignore: expected a rule in each entry");
  CHECK(refusal("rules: {ignore: [auth-md5, {rule: tls-off, where: pgbouncer.ini}]}\n") ==
        "accepted");
}

TEST_CASE("a value of another shape is refused with what was expected") {
  CHECK(refusal("connect: 5\n") == "pgtool.yaml:1: connect: expected a mapping | known here: "
                                   "pooler-config, timeout, trust-origin");
  CHECK(refusal("connect: {timeout: [1]}\n") ==
        "pgtool.yaml:1: connect.timeout: expected one value");
  CHECK(refusal("connect: {timeout: }\n") == "pgtool.yaml:1: connect.timeout: expected one value");
  CHECK(refusal("connect: {trust-origin: maybe}\n") ==
        "pgtool.yaml:1: connect.trust-origin: expected true or false");
  CHECK(refusal("- a\n").starts_with("pgtool.yaml:1: the file: expected a mapping"));
  CHECK(refusal("connect: {timeout: 1, timeout: 2}\n") ==
        "pgtool.yaml:1: connect.timeout stands here twice");
}

TEST_CASE("a variable that is not set is named, and values are not") {
  CHECK(refusal("databases:\n  a:\n    direct: postgresql://u:${PW}@h/d\n") ==
        "pgtool.yaml:3: databases.a.direct: the environment variable PW is not set | set it, or "
        "write the value");
  CHECK(refusal("project: {dir: '${HOME'}\n") ==
        "pgtool.yaml:1: project.dir: expected a name and } after ${");
}

TEST_CASE("a text that yaml-cpp does not get on in ends all the same") {
  CHECK(refusal(",a:\n  b\n") == "pgtool.yaml: expected one YAML document");
}

TEST_CASE("what is no YAML, or too much of it, ends in a plain error") {
  CHECK(refusal("a: b: c\n") == "pgtool.yaml:1: is not YAML: illegal map value");
  CHECK(refusal("a: 1\n---\nb: 2\n") == "pgtool.yaml: expected one YAML document");
  CHECK(refusal(std::string(400000, '[')).starts_with("pgtool.yaml:1: is not YAML"));
  CHECK(refusal(std::string(2000000, 'a')).starts_with("pgtool.yaml is larger than"));
  CHECK(refusal("") == "accepted");
  CHECK(refusal("migrate:\n") == "accepted");
}

TEST_CASE("a named file that is not there is an error") {
  CHECK_THROWS_AS(parse({"detect", "--config", "/nowhere/pgtool.yaml"}, {}), Error);
}
