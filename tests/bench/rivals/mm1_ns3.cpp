// M/M/1 by events through ns-3's simulator. usage: mm1_ns3 SCHEDULER [customers]
#include <cstdlib>
#include <deque>
#include <string>

#include <ns3/core-module.h>

#include "tests/bench/increments.hpp"

namespace {
bench::Increments arrivals{1};
bench::Increments services{2};
std::deque<double> waiting;
std::uint64_t left = 0;
double total_s = 0;

void depart() {
  total_s += ns3::Simulator::Now().GetSeconds() - waiting.front();
  waiting.pop_front();
  if (!waiting.empty())
    ns3::Simulator::Schedule(ns3::TimeStep(static_cast<std::uint64_t>(services.next())), &depart);
}
void arrive() {
  waiting.push_back(ns3::Simulator::Now().GetSeconds());
  if (waiting.size() == 1)
    ns3::Simulator::Schedule(ns3::TimeStep(static_cast<std::uint64_t>(services.next())), &depart);
  if (--left > 0)
    ns3::Simulator::Schedule(
        ns3::TimeStep(static_cast<std::uint64_t>(arrivals.next() * 10 / 9)), &arrive);
}
}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const std::uint64_t customers = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1'000'000;
  left = customers;
  ns3::ObjectFactory factory;
  factory.SetTypeId(std::string("ns3::") + argv[1] + "Scheduler");
  ns3::Simulator::SetScheduler(factory);
  ns3::Simulator::Schedule(ns3::TimeStep(static_cast<std::uint64_t>(arrivals.next() * 10 / 9)),
                           &arrive);
  const auto start = bench::Clock::now();
  ns3::Simulator::Run();
  const double seconds = bench::seconds_since(start);
  std::printf("customers_per_s %.0f mean_s %.3f\n", static_cast<double>(customers) / seconds,
              total_s / static_cast<double>(customers));
  std::fflush(stdout);
  std::_Exit(0);
}
