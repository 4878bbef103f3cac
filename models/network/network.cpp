#include "models/network/network.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace georep {

namespace {
constexpr double infinity = std::numeric_limits<double>::infinity();
double bytes_per_second(Bandwidth bandwidth) {
  return bandwidth.is_unlimited() ? infinity
                                  : static_cast<double>(bandwidth.bits_per_second) / 8;
}
}  // namespace

struct Network::Flow {
  std::vector<std::size_t> channels;
  double cap = infinity;
  double left = 0;
  double rate = 0;
  RegionId from = RegionId::none;
  std::vector<LinkId> links;
  bool broken = false;
  bool done = false;
  Signal ended;
};

Network::Network(Simulation& simulation, const NetworkPlan& plan)
    : simulation_{simulation}, plan_{plan}, completion_{*this} {
  reset();
}

Network::~Network() {
  if (completion_.pending()) simulation_.cancel(completion_);
}

void Network::reset() {
  if (completion_.pending()) simulation_.cancel(completion_);
  links_ = plan_.links;
  rtt_.clear();
  for (const auto& link : links_) rtt_.push_back(link.rtt);
  down_.assign(links_.size(), false);
  link_bytes_.assign(links_.size(), 0);
  egress_bytes_.assign(plan_.regions.size(), 0);
  flows_.clear();
  advanced_to_ = Instant{};
  forget_routes();
}

void Network::forget_routes() {
  routes_.assign(plan_.regions.size() * plan_.regions.size(), Route{});
}

const Network::Route& Network::route(RegionId from, RegionId to) const {
  Route& result = routes_[index(from) * plan_.regions.size() + index(to)];
  if (result.known) return result;
  result.known = true;
  if (from == to) {
    result.reachable = true;
    result.rtt = plan_.local_rtt;
    return result;
  }
  result.links = least_latency_route(plan_, rtt_, down_, from, to);
  result.reachable = !result.links.empty();
  for (const LinkId link : result.links) result.rtt += rtt_[index(link)];
  return result;
}

bool Network::reachable(RegionId from, RegionId to) const { return route(from, to).reachable; }

Duration Network::round_trip(RegionId from, RegionId to) const {
  GEOREP_ASSERT(route(from, to).reachable, "a round trip is asked for where there is a route");
  return route(from, to).rtt;
}

Instant Network::arrival(Connection& connection, RegionId from, RegionId to) {
  const std::int64_t half = (round_trip(from, to).count() + 1) / 2;
  Duration latency = Duration::nanoseconds(half);
  const std::uint64_t message = connection.messages_++;
  if (plan_.jitter > 0) {
    Draw draw = simulation_.chance().draw(connection.name_, Purpose::latency, message);
    const double factor = 1 + plan_.jitter * (2 * draw.uniform() - 1);
    latency = Duration::nanoseconds(
        static_cast<std::int64_t>(std::ceil(static_cast<double>(half) * factor)));
  }
  latency = simulation_.choose_delay(connection.name_ + message, ChoiceKind::latency, latency);
  const Instant arrival = std::max(simulation_.now() + latency, connection.last_arrival_);
  connection.last_arrival_ = arrival;
  return arrival;
}

// Channels: the links, then each region's egress and ingress, then the hosts' lines.
std::vector<std::size_t> Network::channels(const TransferRequest& request) const {
  std::vector<std::size_t> result;
  const std::size_t regions = plan_.regions.size();
  const std::size_t links = links_.size();
  for (const LinkId link : route(request.from, request.to).links) result.push_back(index(link));
  if (request.from != request.to) {
    result.push_back(links + index(request.from));
    result.push_back(links + regions + index(request.to));
  }
  if (request.upload != LineId::none) result.push_back(links + 2 * regions + index(request.upload));
  if (request.download != LineId::none)
    result.push_back(links + 2 * regions + index(request.download));
  std::erase_if(result, [this](std::size_t channel) { return capacity(channel) == infinity; });
  return result;
}

double Network::capacity(std::size_t channel) const {
  const std::size_t regions = plan_.regions.size();
  if (channel < links_.size()) return bytes_per_second(links_[channel].bandwidth);
  channel -= links_.size();
  if (channel < regions) return bytes_per_second(plan_.regions[channel].egress);
  channel -= regions;
  if (channel < regions) return bytes_per_second(plan_.regions[channel].ingress);
  return bytes_per_second(plan_.lines[channel - regions]);
}

double Network::cap(const TransferRequest& request) const {
  const Route& way = route(request.from, request.to);
  const double rtt = way.rtt.seconds();
  double result = infinity;
  if (plan_.stream_window && rtt > 0)
    result = static_cast<double>(plan_.stream_window->count) / rtt;
  double delivered = 1;
  for (const LinkId link : way.links) delivered *= 1 - links_[index(link)].loss;
  if (const double loss = 1 - delivered; loss > 0 && rtt > 0)
    result = std::min(result, 1460 / rtt * std::sqrt(1.5 / loss));
  return result;
}

namespace {
/// Takes a flow out of the network when whoever waits for it is cancelled.
template <class Function>
class OnExit {
 public:
  explicit OnExit(Function function) : function_{std::move(function)} {}
  ~OnExit() { function_(); }
  OnExit(const OnExit&) = delete;
  OnExit& operator=(const OnExit&) = delete;

 private:
  Function function_;
};
}  // namespace

Task<TransferOutcome> Network::transfer(TransferRequest request) {
  const Route& way = route(request.from, request.to);
  if (!way.reachable) co_return TransferOutcome::broken;
  Flow flow;
  flow.channels = channels(request);
  flow.cap = cap(request);
  flow.left = static_cast<double>(request.bytes);
  flow.from = request.from;
  flow.links = way.links;
  if (request.bytes == 0 || (flow.channels.empty() && flow.cap == infinity)) {
    for (const LinkId link : flow.links) link_bytes_[index(link)] += flow.left;
    if (!flow.links.empty()) egress_bytes_[index(flow.from)] += flow.left;
    co_return TransferOutcome::complete;
  }
  advance();
  flows_.push_back(&flow);
  share();
  {
    auto leave = [this, &flow] { remove(flow); };
    const OnExit<decltype(leave)> exit{leave};
    while (!flow.done && !flow.broken) co_await flow.ended.wait();
  }
  co_return flow.broken ? TransferOutcome::broken : TransferOutcome::complete;
}

void Network::remove(Flow& flow) {
  const auto found = std::find(flows_.begin(), flows_.end(), &flow);
  if (found == flows_.end()) return;
  advance();
  flows_.erase(found);
  share();
}

// Moves the bytes of every flow up to now.
void Network::advance() {
  const double seconds = (simulation_.now() - advanced_to_).seconds();
  advanced_to_ = simulation_.now();
  for (Flow* flow : flows_) {
    const double moved = std::min(flow->left, flow->rate * seconds);
    flow->left -= moved;
    for (const LinkId link : flow->links) link_bytes_[index(link)] += moved;
    if (!flow->links.empty()) egress_bytes_[index(flow->from)] += moved;
  }
}

// Progressive filling: all rates rise together until a channel is full or a flow at its cap.
void Network::share() {
  std::map<std::size_t, std::pair<double, int>> left;
  for (const Flow* flow : flows_)
    for (const std::size_t channel : flow->channels) {
      auto& entry = left.try_emplace(channel, capacity(channel), 0).first->second;
      ++entry.second;
    }
  std::vector<Flow*> open = flows_;
  while (!open.empty()) {
    double level = infinity;
    for (const auto& [channel, entry] : left)
      if (entry.second > 0) level = std::min(level, entry.first / entry.second);
    for (const Flow* flow : open) level = std::min(level, flow->cap);
    std::vector<Flow*> rest;
    std::vector<Flow*> fixed;
    for (Flow* flow : open) {
      bool full = flow->cap <= level;
      for (const std::size_t channel : flow->channels)
        full = full || left[channel].first / left[channel].second <= level * (1 + 1e-12);
      (full ? fixed : rest).push_back(flow);
    }
    for (Flow* flow : fixed) {
      flow->rate = level;
      for (const std::size_t channel : flow->channels) {
        left[channel].first = std::max(0.0, left[channel].first - level);
        --left[channel].second;
      }
    }
    open = std::move(rest);
  }
  double next = infinity;
  for (const Flow* flow : flows_) next = std::min(next, flow->left / flow->rate);
  if (completion_.pending()) simulation_.cancel(completion_);
  if (next < infinity) simulation_.schedule(completion_, Duration::from_seconds(next));
}

void Network::finish_due() {
  advance();
  std::vector<Flow*> due;
  for (Flow* flow : flows_)
    if (flow->left <= flow->rate * 1e-9) due.push_back(flow);
  for (Flow* flow : due) {
    flow->done = true;
    std::erase(flows_, flow);
    flow->ended.notify_all();
  }
  share();
}

void Network::break_flows_over(LinkId link) {
  advance();
  std::vector<Flow*> hit;
  for (Flow* flow : flows_)
    if (std::find(flow->links.begin(), flow->links.end(), link) != flow->links.end())
      hit.push_back(flow);
  for (Flow* flow : hit) {
    flow->broken = true;
    std::erase(flows_, flow);
    flow->ended.notify_all();
  }
  share();
}

void Network::set_link(RegionId a, RegionId b, const std::function<void(std::size_t)>& change) {
  if (const auto there = plan_.direct(a, b)) change(index(*there));
  if (const auto back = plan_.direct(b, a)) change(index(*back));
  forget_routes();
}

void Network::fail_link(RegionId a, RegionId b) {
  set_link(a, b, [this](std::size_t link) { down_[link] = true; });
  if (const auto there = plan_.direct(a, b)) break_flows_over(*there);
  if (const auto back = plan_.direct(b, a)) break_flows_over(*back);
}

void Network::restore_link(RegionId a, RegionId b) {
  set_link(a, b, [this](std::size_t link) { down_[link] = false; });
}

void Network::degrade_link(RegionId a, RegionId b, std::optional<Bandwidth> bandwidth,
                           std::optional<Duration> rtt, std::optional<Ratio> loss) {
  advance();
  set_link(a, b, [&](std::size_t link) {
    if (bandwidth) links_[link].bandwidth = *bandwidth;
    if (rtt) rtt_[link] = *rtt;
    if (loss) links_[link].loss = loss->value;
  });
  share();
}

void Network::restore_link_quality(RegionId a, RegionId b) {
  advance();
  set_link(a, b, [this](std::size_t link) {
    links_[link] = plan_.links[link];
    rtt_[link] = plan_.links[link].rtt;
  });
  share();
}

}  // namespace georep
