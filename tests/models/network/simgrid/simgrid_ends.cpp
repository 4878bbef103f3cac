// Cases run in one engine each in a zone of its own, so that no case touches another; SimGrid has one engine in a process, so that each batch
// of them has a process.
#include <algorithm>
#include <stdexcept>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

#include <simgrid/s4u.hpp>

#include "tests/models/network/simgrid/flow_case.hpp"

namespace sg4 = simgrid::s4u;

namespace georep::test {

namespace {

struct Started {
  double start_s;
  std::int64_t bytes;
  double most_bytes_per_second;
  sg4::Host* from;
  sg4::Host* to;
  double* end;
  sg4::CommPtr comm;
};

std::vector<sg4::LinkInRoute> links_of(const std::vector<sg4::Link*>& links,
                                       const std::vector<std::size_t>& route) {
  std::vector<sg4::LinkInRoute> result;
  for (const std::size_t place : route) result.emplace_back(links[place]);
  return result;
}

void build(sg4::NetZone* root, std::size_t number, const FlowCase& given, double* ends,
           std::vector<Started>& flows) {
  const std::string prefix = "case" + std::to_string(number);
  auto* zone = sg4::create_full_zone(prefix);
  zone->set_parent(root);
  std::vector<sg4::Link*> links;
  for (const FlowCase::Channel& channel : given.channels) {
    links.push_back(zone->create_link(prefix + "_l" + std::to_string(links.size()),
                                      channel.bytes_per_second));
    links.back()->set_latency(channel.latency_s)->seal();
  }
  for (std::size_t i = 0; i < given.flows.size(); ++i) {
    const FlowCase::Flow& flow = given.flows[i];
    auto* from = zone->create_host(prefix + "_from" + std::to_string(i), 1e9);
    auto* to = zone->create_host(prefix + "_to" + std::to_string(i), 1e9);
    zone->add_route(from->get_netpoint(), to->get_netpoint(), nullptr, nullptr,
                    links_of(links, flow.route), false);
    zone->add_route(to->get_netpoint(), from->get_netpoint(), nullptr, nullptr,
                    links_of(links, flow.back), false);
    flows.push_back({flow.start_s, flow.bytes, flow.most_bytes_per_second, from, to, &ends[i], {}});
  }
  zone->seal();
}

std::vector<double> run(const std::vector<FlowCase>& cases,
                        const std::vector<const char*>& options) {
  std::vector<std::string> words(options.begin(), options.end());
  words.insert(words.begin(), "simgrid");
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  auto count = static_cast<int>(arguments.size());
  sg4::Engine engine(&count, arguments.data());
  auto* root = sg4::create_full_zone("root");
  std::size_t count_flows = 0;
  for (const FlowCase& one : cases) count_flows += one.flows.size();
  std::vector<double> ends(count_flows);
  std::vector<Started> flows;
  double* end = ends.data();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    build(root, i, cases[i], end, flows);
    end += cases[i].flows.size();
  }
  auto* host = root->create_host("starter", 1e9);
  root->seal();
  std::stable_sort(flows.begin(), flows.end(),
                   [](const Started& a, const Started& b) { return a.start_s < b.start_s; });
  // Only a communication between two actors can be capped, so two of them go from host to host and start every flow.
  auto called = sg4::Semaphore::create(0);
  auto answered = sg4::Semaphore::create(0);
  auto* mailbox = sg4::Mailbox::by_name("flows");
  std::vector<int*> received(flows.size());
  sg4::Actor::create("receiver", host, [&] {
    std::vector<sg4::CommPtr> receptions;
    for (std::size_t i = 0; i < flows.size(); ++i) {
      called->acquire();
      sg4::this_actor::set_host(flows[i].to);
      receptions.push_back(mailbox->get_async<int>(&received[i]));
      answered->release();
    }
    for (const auto& reception : receptions) reception->wait();
  });
  sg4::Actor::create("sender", host, [&] {
    static int nothing = 0;
    for (Started& flow : flows) {
      sg4::this_actor::sleep_until(flow.start_s);
      sg4::this_actor::set_host(flow.from);
      flow.comm = mailbox->put_init(&nothing, static_cast<std::uint64_t>(flow.bytes));
      if (flow.most_bytes_per_second > 0) flow.comm->set_rate(flow.most_bytes_per_second);
      flow.comm->start();
      called->release();
      answered->acquire();
    }
    for (const Started& flow : flows) {
      flow.comm->wait();
      *flow.end = flow.comm->get_finish_time();
    }
  });
  engine.run();
  return ends;
}

// The same in a process of its own.
std::vector<double> run_apart(const std::vector<FlowCase>& cases,
                              const std::vector<const char*>& options) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe");
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("no process");
  if (child == 0) {
    const std::vector<double> result = run(cases, options);
    const auto bytes = static_cast<ssize_t>(result.size() * sizeof(double));
    _exit(write(ends[1], result.data(), result.size() * sizeof(double)) == bytes ? 0 : 1);
  }
  close(ends[1]);
  std::vector<double> result;
  double value = 0;
  while (read(ends[0], &value, sizeof value) == sizeof value) result.push_back(value);
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (status != 0) throw std::runtime_error("SimGrid failed");
  return result;
}

}  // namespace

std::vector<std::vector<double>> simgrid_ends(const std::vector<FlowCase>& cases,
                                              const std::vector<const char*>& options) {
  constexpr std::size_t batch = 20;
  std::vector<std::vector<double>> result;
  for (std::size_t first = 0; first < cases.size(); first += batch) {
    const auto begin = cases.begin() + static_cast<std::ptrdiff_t>(first);
    const std::vector<FlowCase> some(
        begin, begin + static_cast<std::ptrdiff_t>(std::min(batch, cases.size() - first)));
    const std::vector<double> ends = run_apart(some, options);
    auto end = ends.begin();
    for (const FlowCase& one : some) {
      const auto count = static_cast<std::ptrdiff_t>(one.flows.size());
      result.emplace_back(end, end + count);
      end += count;
    }
  }
  return result;
}

}  // namespace georep::test
