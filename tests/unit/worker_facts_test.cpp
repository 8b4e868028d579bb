#include "commands/check/worker_facts.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

TEST_CASE("gunicorn's command tells its processes and threads in each spelling") {
  for (const auto* command : {"gunicorn x.wsgi -w 4 --threads 8", "gunicorn -w4 --threads=8 x.wsgi",
                              "exec /app/bin/gunicorn --workers=4 --threads 8 -k gthread x"}) {
    CAPTURE(command);
    const auto workers = gunicorn_command(command, {"Procfile", 1, "web"});
    REQUIRE(workers);
    CHECK(workers->processes == 4);
    CHECK(workers->threads == 8);
  }
}

TEST_CASE("one thread is what gunicorn has where nobody says more") {
  CHECK(gunicorn_command("gunicorn -w 4 x.wsgi", {})->threads == 1);
  CHECK(gunicorn_settings("workers = 4\n", "gunicorn.conf.py")->threads == 1);
}

TEST_CASE("what is not in plain words is not known") {
  CHECK_FALSE(gunicorn_command("python manage.py runserver", {}));
  CHECK_FALSE(gunicorn_command("gunicorn x.wsgi", {}));
  CHECK_FALSE(gunicorn_command("gunicorn -w \"4 x.wsgi", {}));
  CHECK_FALSE(gunicorn_command("gunicorn -w $WORKERS x.wsgi", {}));
  CHECK_FALSE(gunicorn_command("gunicorn -w 4 -k gevent x.wsgi", {})->threads);
  CHECK_FALSE(gunicorn_command("gunicorn -w 4 -c conf.py x.wsgi", {})->threads);
  CHECK_FALSE(gunicorn_settings("bind = ':8000'\n", ""));
  CHECK_FALSE(gunicorn_settings("workers = cpu_count() * 2 + 1\n", "")->processes);
  CHECK_FALSE(gunicorn_settings("workers = 4\nif x:\n    workers = 8\n", "")->processes);
  CHECK_FALSE(gunicorn_settings("workers = 4\nthreads = n()\n", "")->threads);
  CHECK_FALSE(gunicorn_settings("workers = 4\nworker_class = \"gevent\"\n", "")->threads);
}

TEST_CASE("uwsgi's ini tells its processes and threads") {
  const auto workers =
      uwsgi_settings("[uwsgi]\n; processes = 9\nprocesses = 4\nthreads = 2\n", "u");
  REQUIRE(workers);
  CHECK(workers->processes == 4);
  CHECK(workers->threads == 2);
  CHECK(workers->where.line == 3);
  CHECK_FALSE(uwsgi_settings("[uwsgi]\nprocesses = 4\ngevent = 100\n", "u")->threads);
}
