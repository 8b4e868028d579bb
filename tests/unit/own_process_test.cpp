#include "base/own_process.hpp"

#include <array>
#include <doctest/doctest.h>
#include <sys/socket.h>

using namespace pgtool;

namespace {

std::array<Channel, 2> channels() {
  std::array<int, 2> ends{};
  REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) == 0);
  return {Channel(Descriptor(ends[0])), Channel(Descriptor(ends[1]))};
}

} // namespace

TEST_CASE("a channel keeps messages and their parts apart") {
  auto [one, other] = channels();

  CHECK(one.send({"a", "", "b\nc"}));
  CHECK(one.send({"d"}));

  CHECK(other.receive(0) == std::vector<std::string>{"a", "", "b\nc"});
  CHECK(other.receive(0) == std::vector<std::string>{"d"});
  CHECK_FALSE(other.receive(0));
  CHECK_FALSE(other.closed());
}

TEST_CASE("what was said before the end is heard, though the other end did not listen") {
  auto [one, other] = channels();
  CHECK(one.send({"resume"}));
  CHECK(other.send({"ended", "signal"}));

  other.close();

  CHECK(one.receive(0) == std::vector<std::string>{"ended", "signal"});
  CHECK_FALSE(one.receive(0));
  CHECK(one.closed());
  CHECK_FALSE(one.send({"resume"}));
}

TEST_CASE("nobody started this process for a purpose of its own") {
  CHECK_FALSE(channel_to_starter());
}
