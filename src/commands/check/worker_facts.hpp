#pragma once

#include "rules/deployment.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

/// How the web server runs, as files in these folders or above them, up to the top of the work
/// tree, say it: gunicorn.conf.py, Procfile, uwsgi.ini. What is not written in plain words is not
/// known.
std::vector<WorkerFacts> worker_facts(const std::vector<std::string>& folders);

/// The same of one text: the assignments of a gunicorn.conf.py, the web line of a Procfile.
std::optional<WorkerFacts> gunicorn_settings(std::string_view text, const std::string& file);
std::optional<WorkerFacts> gunicorn_command(std::string_view command, const Place& where);
std::optional<WorkerFacts> uwsgi_settings(std::string_view text, const std::string& file);

} // namespace pgtool
