#include "base/deep_stack.hpp"

#include "base/error.hpp"

#include <exception>
#include <pthread.h>

namespace pgtool {
namespace {

constexpr std::size_t usual = 4U << 20; // of the 8 MiB that a main thread has

struct Job {
  const std::function<void()>& work;
  std::exception_ptr thrown{};
};

void* run_job(void* argument) {
  auto& job = *static_cast<Job*>(argument);
  try {
    job.work();
  } catch (...) {
    job.thrown = std::current_exception();
  }
  return nullptr;
}

} // namespace

void run_on_stack(std::size_t bytes, const std::function<void()>& work) {
  if (bytes <= usual) {
    return work();
  }
  Job job{work};
  pthread_attr_t attributes{};
  pthread_attr_init(&attributes);
  pthread_t thread{};
  const bool started = pthread_attr_setstacksize(&attributes, bytes) == 0 &&
                       pthread_create(&thread, &attributes, run_job, &job) == 0;
  pthread_attr_destroy(&attributes);
  if (!started) {
    throw Error(Failure::unknown, "there is no memory for a long statement", "");
  }
  pthread_join(thread, nullptr);
  if (job.thrown) {
    std::rethrow_exception(job.thrown);
  }
}

} // namespace pgtool
