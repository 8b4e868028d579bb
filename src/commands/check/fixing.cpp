#include "commands/check/fixing.hpp"

#include "base/counted.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/result_sink.hpp"
#include "base/text.hpp"
#include "plan/file_edits.hpp"
#include "plan/line_diff.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/core.h>
#include <map>
#include <sys/stat.h>
#include <unistd.h>

namespace pgtool {
namespace {

namespace fs = std::filesystem;

struct FixedFile {
  std::string before;
  EditedText after;
};

using FixedFiles = std::map<std::string, FixedFile>;

FixedFiles fixed_files(const std::vector<Finding>& findings, std::vector<std::string>& left) {
  std::map<std::string, std::vector<Edit>> edits;
  for (const auto& finding : findings) {
    for (const auto& edit : finding.edits) {
      if (edit.form != FileForm::python && !edit.file.empty()) {
        edits[edit.file].push_back(edit);
      }
    }
  }
  FixedFiles files;
  for (auto& [file, wanted] : edits) {
    FixedFile fixed{read_file(file), {}};
    fixed.after = edited(fixed.before, std::move(wanted));
    for (const auto& edit : fixed.after.left) {
      left.push_back(fmt::format("not written: {} = {} into {}, whose text is not as expected",
                                 edit.key, edit.value, file));
    }
    if (!fixed.after.done.empty()) {
      files.emplace(file, std::move(fixed));
    }
  }
  return files;
}

/// Without what stands around them: that may hold passwords.
std::vector<std::string> diff_lines(const FixedFiles& files) {
  std::vector<std::string> lines;
  for (const auto& [file, fixed] : files) {
    for (const auto& line : split(line_diff(file, fixed.before, fixed.after.text, 0), '\n')) {
      if (!line.empty()) {
        lines.push_back(" " + line); // kept as it is
      }
    }
  }
  return lines;
}

/// What a new file could not keep would keep the pooler from reading it.
void expect_ours(const std::string& file) {
  struct stat info {};
  if (stat(file.c_str(), &info) == 0 && geteuid() != 0 && info.st_uid != geteuid()) {
    throw Error(Failure::usage, file + " belongs to another user, nothing was written",
                "run --fix as its owner or as root");
  }
}

/// Never over a copy that is there.
std::string copy_beside(const std::string& file) {
  std::error_code unreadable;
  auto copy = file + ".orig";
  for (int number = 2; fs::exists(copy, unreadable); ++number) {
    copy = fmt::format("{}.orig{}", file, number);
  }
  fs::copy_file(file, copy);
  struct stat info {};
  if (stat(file.c_str(), &info) == 0 && chown(copy.c_str(), info.st_uid, info.st_gid) != 0) {
    fs::permissions(copy, fs::perms::owner_read | fs::perms::owner_write);
  }
  return copy;
}

void write(const std::string& file, const FixedFile& fixed, Report& report) {
  if (read_file(file) != fixed.before) {
    throw Error(Failure::unknown, file + " has changed meanwhile, it was not written",
                "run the command again");
  }
  const auto copy = copy_beside(file);
  ResultSink(file).write(fixed.after.text);
  for (const auto& edit : fixed.after.done) {
    report.steps.push_back({fmt::format("{}: {} = {}", file, edit.key, edit.value), "done", 0});
  }
  report.account.push_back(file + " was written; its text before is in " + copy);
}

bool is_mended(const Finding& finding, const FixedFiles& files) {
  return !finding.edits.empty() &&
         std::all_of(finding.edits.begin(), finding.edits.end(), [&](const Edit& edit) {
           const auto file = files.find(edit.file);
           if (file == files.end()) {
             return false;
           }
           const auto& done = file->second.after.done;
           return std::any_of(done.begin(), done.end(), [&](const Edit& one) {
             return one.key == edit.key && one.value == edit.value;
           });
         });
}

bool may_write(const CheckOptions& options, Report& report, const FixedFiles& files,
               const Context& context) {
  auto lines = diff_lines(files);
  Report preview;
  preview.command = report.command;
  preview.verdict = "to be written into " + counted(files.size(), "file") + ":";
  preview.account = lines;
  report.account.insert(report.account.end(), lines.begin(), lines.end());
  if (options.yes) {
    return true;
  }
  const auto answer = context.confirm(preview, "Write this?");
  report.account.push_back(!answer   ? "not written: nobody was there to be asked; --yes writes it"
                           : *answer ? "agreed to"
                                     : "not written");
  return answer.value_or(false);
}

} // namespace

bool fix(const CheckOptions& options, Report& report, const Context& context) {
  const auto files = fixed_files(report.findings, report.account);
  if (files.empty()) {
    report.account.push_back("--fix has nothing to write");
    return true;
  }
  for (const auto& [file, fixed] : files) {
    expect_ours(file);
  }
  if (!may_write(options, report, files, context)) {
    return false;
  }
  for (const auto& [file, fixed] : files) {
    write(file, fixed, report);
  }
  std::erase_if(report.findings, [&](const Finding& finding) { return is_mended(finding, files); });
  report.hint = "tell the pooler: RELOAD in its console, or restart it where a key asks for that";
  return true;
}

} // namespace pgtool
