#include "commands/schema_move.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/django_view.hpp"
#include "commands/schema_move/django_check.hpp"
#include "commands/schema_move/execution.hpp"
#include "commands/schema_move/findings.hpp"
#include "commands/schema_move/move_report.hpp"
#include "commands/schema_move/move_session.hpp"
#include "commands/schema_move/planning.hpp"
#include "commands/schema_move/verdict.hpp"
#include "commands/schema_move/verify.hpp"
#include "commands/survey_report.hpp"
#include "connector/deploy_lock.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool {
namespace {

constexpr auto longest_view = std::chrono::seconds(120);

/// One call of the command, from the look to the report.
class SchemaMove {
public:
  SchemaMove(const SchemaMoveOptions& options, const Context& context)
      : options_(options), context_(context) {
    report_.command = "schema-move";
  }

  Report run() {
    ground_ = find_ground(options_.common, context_, options_.strategy == MoveStrategy::offline);
    add_survey(ground_.chosen().survey, ground_.chosen().request.known.pooled, report_);
    if (ground_.refusal) {
      end_with(ground_.refusal->status, "refused, nothing was changed: " + ground_.refusal->message,
               ground_.refusal->hint);
      end_project();
      return std::move(report_);
    }
    prepare();
    if (!has_nothing_recorded()) {
      look();
      if (!is_settled()) {
        carry_out();
      }
    }
    return std::move(report_);
  }

private:
  void end_with(int status, std::string verdict, std::string hint) {
    set_verdict(report_, status, std::move(verdict), std::move(hint));
  }

  void end_project() {
    if (ground_.link) {
      environment_ = ground_.link->settings.environment;
      stop_project(*ground_.link, 0);
      ground_.link.reset();
      for (auto& alias : ground_.aliases) {
        alias.request.password_for = nullptr;
      }
    }
  }

  void prepare() {
    for (auto* session : ground_.sessions()) {
      if (!server_path_) {
        server_path_ = server_path(session->connection());
      }
      prepare_session(*session);
    }
    ask_project();
    filter_ = filter_of(options_, read_ledger(ground_.connection()), models_);
    end_project();
  }

  /// Going back and finishing need a record; a second time there is none, which is fine.
  bool has_nothing_recorded() {
    const bool needed = options_.undo || options_.action == MoveAction::finish;
    if (!needed || read_ledger(ground_.connection()).exists) {
      return false;
    }
    end_with(0,
             fmt::format("nothing to {}: no move is recorded in pgtool.schema_move",
                         options_.undo ? "undo" : "finish"),
             "");
    return true;
  }

  void ask_project() {
    if (!ground_.link) {
      return;
    }
    models_ = ask_models(*ground_.link, ground_.chosen().name);
    if (!models_->error.empty()) {
      if (options_.tables_of_django) {
        throw Error(Failure::unknown, "the project's models are not known: " + models_->error,
                    "leave --tables-of-django out, or make the project load");
      }
      report_.unknown.push_back({"the project's models", models_->error, ""});
    }
  }

  /// Reads everything afresh: before the plan is shown, and again under the deploy lock.
  void look() {
    outline_.emplace(make_outline(options_, ground_, filter_, server_path_));
    const MoveScene scene{
        options_,           environment_,     ground_, outline_->plan,
        outline_->settings, outline_->ledger, models_, outline_->server_path_assumed};
    findings_ = move_findings(scene);
    accept(findings_);
    if (recycler_ && options_.strategy == MoveStrategy::expand) {
      add_rehearsed();
    }
  }

  void accept(Findings& findings) const {
    const auto& accepted = options_.common.connect.accept;
    for (auto& finding : findings) {
      const bool fatal = finding.rule == path_not_changeable;
      if (!fatal && std::find(accepted.begin(), accepted.end(), finding.rule) != accepted.end()) {
        finding.severity = Severity::info;
        finding.detail = "accepted with --accept";
      }
    }
  }

  [[nodiscard]] bool has_errors() const {
    return std::any_of(findings_.begin(), findings_.end(), is_error);
  }

  void show_plan() {
    report_.findings = findings_;
    report_.steps.clear();
    add_plan(*outline_, options_.common.output, report_);
  }

  /// Whether there is nothing (more) to carry out; the report says so then.
  bool is_settled() {
    const auto& plan = outline_->plan;
    if (options_.action == MoveAction::verify) {
      verify();
      return true;
    }
    if (options_.action == MoveAction::finish) {
      return !may_finish();
    }
    if (!is_complete(plan, outline_->ledger)) {
      rehearse();
    }
    show_plan();
    if (is_complete(plan, outline_->ledger)) {
      report_.findings.clear();
      end_with(0,
               fmt::format("nothing to do: schema {} holds everything, and the paths are set",
                           plan.schemas.target),
               outline_->ledger.exists ? command("--finish") + " forgets how to undo it" : "");
      return true;
    }
    if (options_.action == MoveAction::plan) {
      end_with(has_errors() ? 1 : 0, "plan: " + plan_words(plan),
               has_errors() ? "cure what is found, or --accept its rule"
                            : again() + " --yes carries it out");
      return true;
    }
    return !is_allowed();
  }

  /// The command that carries the plan out, or goes on with it.
  [[nodiscard]] std::string again() const {
    auto words = split(context_.command_line, ' ');
    std::erase(words, "--plan");
    return join(words, " ");
  }
  [[nodiscard]] std::string command(const std::string& option) const {
    return "pgtool schema-move " + option + context_.project_options;
  }

  /// Nothing objects, and somebody said yes.
  bool is_allowed() {
    const auto& plan = outline_->plan;
    if (has_errors()) {
      refuse_findings();
      return false;
    }
    if (options_.yes) {
      return true;
    }
    report_.verdict = "plan: " + plan_words(plan);
    const auto answer = context_.confirm(report_, "Carry it out?");
    if (!answer) {
      end_with(1, "plan, not carried out: " + plan_words(plan), again() + " --yes carries it out");
      return false;
    }
    if (!*answer) {
      end_with(1, "not carried out: " + plan_words(plan), "");
    }
    return *answer;
  }

  [[nodiscard]] std::string first_error() const {
    const auto found = std::find_if(findings_.begin(), findings_.end(), is_error);
    return found->message;
  }

  bool may_finish() {
    if (!is_complete(outline_->plan, outline_->ledger)) {
      show_plan();
      end_with(1,
               "the move is not complete, so what it needs is kept: " + plan_words(outline_->plan),
               command("--to " + outline_->plan.schemas.target) + " continues it");
      return false;
    }
    return true;
  }

  void verify() {
    const auto& plan = outline_->plan;
    show_plan();
    report_.steps.clear();
    auto check = verified(plan, outline_->ledger);
    report_.findings.clear();
    judge_check(report_, std::move(check),
                fmt::format("the move to schema {} was looked at", plan.filled()), "");
    if (report_.status == 0) {
      report_.verdict = fmt::format(
          "verified: schema {} holds everything, and the paths lead there", plan.filled());
    }
  }

  MoveCheck verified(const MovePlan& plan, const Ledger& ledger) {
    auto check = verify_move(ground_, plan, ledger, filter_);
    if (models_) { // there is a project
      Context hasty = context_;
      hasty.patience = std::min(hasty.patience, longest_view);
      const auto view = look_through_django(options_.common, hasty, ground_.chosen().name);
      const auto severity =
          options_.action == MoveAction::verify ? Severity::error : Severity::warning;
      check_view(ground_, plan, view, severity, check);
    }
    return check;
  }

  void lock() {
    int told = 0;
    take_deploy_lock(ground_.chosen().survey.direct->session, options_.wait,
                     [&](const LockHolder& holder) {
                       if (std::exchange(told, holder.pid) != holder.pid) {
                         context_.say("waiting for another deploy: " + holder.text);
                       }
                     });
  }

  void carry_out() {
    lock();
    look();
    if (options_.action == MoveAction::finish) {
      finish();
      return;
    }
    if (!recycler_) {
      rehearse(); // another one's move was to be finished when we looked first
    }
    show_plan();
    if (has_errors()) {
      refuse_findings();
      return;
    }
    MoveWork work{options_,
                  context_,
                  ground_,
                  ground_.sessions(),
                  outline_->plan,
                  outline_->ledger,
                  outline_->server_path,
                  *recycler_};
    apply(work);
  }

  /// Whether the pooler will obey has to be known while nothing is changed.
  void rehearse() {
    recycler_.emplace(ground_);
    if (options_.strategy == MoveStrategy::expand) {
      recycler_->rehearse();
      add_rehearsed();
    }
  }

  void add_rehearsed() {
    auto found = recycler_->findings(options_.drain_timeout);
    accept(found);
    findings_.insert(findings_.begin(), found.begin(), found.end());
  }

  void refuse_findings() {
    end_with(1, "refused, nothing was changed: " + first_error(),
             "cure what is found, or --accept its rule");
  }

  void finish() {
    ground_.connection().query(ledger_sql::drop());
    end_with(0,
             fmt::format("finished: the record of the move to schema {} is gone",
                         outline_->plan.schemas.target),
             "");
  }

  void apply(MoveWork& work) {
    report_.steps.clear();
    try {
      work.plan.undo ? move_back(work, filter_) : move_forward(work, filter_);
    } catch (const Interrupted& interrupted) {
      stopped(work, 128 + interrupted.number(),
              fmt::format("interrupted by signal {}", interrupted.number()), "");
      return;
    } catch (const Error& error) {
      const bool started = work.changed || work.ledger.exists;
      const bool settled = error.kind() == Failure::busy || error.kind() == Failure::stopped ||
                           error.kind() == Failure::usage;
      const int status = settled ? static_cast<int>(error.kind()) : started ? 4 : 3;
      stopped(work, status, error.what(), error.hint());
      return;
    }
    report_.steps = work.steps;
    report_.own.set("moved", static_cast<std::int64_t>(work.moved));
    report_.own.set("state", work.plan.undo ? "not begun" : "complete");
    try {
      conclude(work);
    } catch (const Interrupted& interrupted) {
      end_with(128 + interrupted.number(),
               moved_words(work) +
                   fmt::format(", and interrupted by signal {} before that was looked "
                               "at",
                               interrupted.number()),
               command("--verify") + " looks at it");
    } catch (const Error& error) {
      end_with(3, moved_words(work) + ", and that could not be looked at: " + error.what(),
               command("--verify") + " looks again");
    }
  }

  [[nodiscard]] static std::string moved_words(const MoveWork& work) {
    return fmt::format("moved {} from schema {} to {}",
                       work.moved == 1 ? "1 object" : fmt::format("{} objects", work.moved),
                       work.plan.emptied(), work.plan.filled());
  }

  void stopped(const MoveWork& work, int status, const std::string& why, const std::string& hint) {
    report_.steps = work.steps;
    report_.own.set("moved", static_cast<std::int64_t>(work.moved));
    const bool started = work.changed || work.ledger.exists;
    report_.own.set("state", started ? "begun" : "not begun");
    const auto done = work.changed ? fmt::format("stopped, {} moved so far: ", work.moved)
                      : started    ? std::string("stopped, nothing was changed this time: ")
                                   : std::string("nothing was changed: ");
    const auto go_on = started ? "to continue, run: " + again() : "";
    end_with(status, done + why, hint.empty() ? go_on : hint + (go_on.empty() ? "" : "; " + go_on));
  }

  /// What was done is looked at as --verify would.
  void conclude(MoveWork& work) {
    // Going back has dropped the record: what it said before says what belongs where.
    auto check =
        verified(work.plan, work.plan.undo ? work.ledger : read_ledger(ground_.connection()));
    judge_check(report_, std::move(check), moved_words(work),
                work.plan.undo
                    ? ""
                    : command("--undo") + " goes back, " + command("--finish") + " forgets how");
  }

  const SchemaMoveOptions& options_;
  const Context& context_;
  Report report_;
  MoveGround ground_;
  Environment environment_;
  std::optional<ProjectModels> models_;
  NameFilter filter_;
  std::optional<std::string> server_path_;
  std::optional<MoveOutline> outline_;
  Findings findings_;
  std::optional<Recycler> recycler_;
};

} // namespace

Report run(const SchemaMoveOptions& options, const Context& context) {
  return SchemaMove(options, context).run();
}

} // namespace pgtool
