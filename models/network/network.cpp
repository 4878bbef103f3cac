#include "models/network/network.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace georep {

namespace {

// TCP: the largest segment on Ethernet, and the initial window of RFC 6928.
constexpr double segment_bytes = 1460;
constexpr double initial_window = 10 * segment_bytes;

double bytes_per_second(Bandwidth bandwidth) {
  return bandwidth.is_unlimited() ? FairSharing::unlimited
                                  : static_cast<double>(bandwidth.bits_per_second) / 8;
}

}  // namespace

struct Network::Transfer {
  enum class State : std::uint8_t { moving, complete, broken };
  std::vector<LinkId> links;
  FairSharing::FlowId flow;
  std::uint64_t tag = 0;
  State state = State::moving;
  Signal changed;
};

Network::Network(Simulation& simulation, const NetworkPlan& plan)
    : simulation_{simulation}, plan_{plan}, sharing_event_{*this} {
  add_channels();
  reset();
}

Network::~Network() {
  if (sharing_event_.pending()) simulation_.cancel(sharing_event_);
}

// Channels: the links, then each region's egress, then each one's ingress, then the hosts' lines.
void Network::add_channels() {
  for (const auto& link : plan_.links) sharing_.add_channel(bytes_per_second(link.bandwidth));
  for (const auto& region : plan_.regions) sharing_.add_channel(bytes_per_second(region.egress));
  for (const auto& region : plan_.regions) sharing_.add_channel(bytes_per_second(region.ingress));
  for (const Bandwidth line : plan_.lines) sharing_.add_channel(bytes_per_second(line));
}

void Network::reset() {
  if (sharing_event_.pending()) simulation_.cancel(sharing_event_);
  links_ = plan_.links;
  rtt_.clear();
  for (const auto& link : links_) rtt_.push_back(link.rtt);
  down_.assign(links_.size(), false);
  sharing_.reset();
  transfers_.clear();
  free_tags_.clear();
  instant_bytes_.assign(links_.size(), 0);
  instant_egress_.assign(plan_.regions.size(), 0);
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

Deadline Network::arrival(Connection& connection, RegionId from, RegionId to) {
  const std::int64_t half = (round_trip(from, to).count() + 1) / 2;
  Duration latency = Duration::nanoseconds(half);
  const std::uint64_t message = connection.messages_++;
  if (plan_.jitter > 0) {
    Draw draw = simulation_.chance().draw(connection.name_, Purpose::latency, message);
    const double factor = 1 + plan_.jitter * (2 * draw.uniform() - 1);
    latency = Duration::nanoseconds(
        static_cast<std::int64_t>(std::ceil(static_cast<double>(half) * factor)));
  }
  connection.last_arrival_ = simulation_.choose_moment(
      connection.name_ + message, ChoiceKind::latency, latency, connection.last_arrival_);
  return connection.last_arrival_;
}

std::vector<FairSharing::Channel> Network::channels(const TransferRequest& request) const {
  const auto regions = static_cast<FairSharing::Channel>(plan_.regions.size());
  const auto links = static_cast<FairSharing::Channel>(links_.size());
  std::vector<FairSharing::Channel> result;
  for (const LinkId link : route(request.from, request.to).links) result.push_back(index(link));
  if (request.from != request.to) {
    result.push_back(links + index(request.from));
    result.push_back(links + regions + index(request.to));
  }
  if (request.upload != LineId::none) result.push_back(links + 2 * regions + index(request.upload));
  if (request.download != LineId::none)
    result.push_back(links + 2 * regions + index(request.download));
  return result;
}

// What one stream may carry at most: its window each round trip, and what the loss on its way leaves it.
double Network::steady_cap(const Route& way) const {
  const double rtt = way.rtt.seconds();
  double result = FairSharing::unlimited;
  if (rtt <= 0) return result;
  if (plan_.stream_window) result = static_cast<double>(plan_.stream_window->count) / rtt;
  double delivered = 1;
  for (const LinkId link : way.links) delivered *= 1 - links_[index(link)].loss;
  if (const double loss = 1 - delivered; loss > 0)
    result = std::min(result, segment_bytes / rtt * std::sqrt(1.5 / loss));
  return result;
}

bool Network::is_limited(const std::vector<FairSharing::Channel>& way, double cap) const {
  if (cap < FairSharing::unlimited) return true;
  return std::any_of(way.begin(), way.end(), [this](FairSharing::Channel channel) {
    return sharing_.capacity(channel) < FairSharing::unlimited;
  });
}

Task<TransferOutcome> Network::transfer(TransferRequest request) {
  const Route& way = route(request.from, request.to);
  if (!way.reachable) co_return TransferOutcome::broken;
  const std::vector<FairSharing::Channel> taken = channels(request);
  const Duration rtt = way.rtt;
  const double steady = steady_cap(way);
  const bool grows = plan_.slow_start && rtt > Duration{} && request.bytes > 0;
  if (request.bytes == 0 || (!grows && !is_limited(taken, steady))) {
    for (const LinkId link : way.links) instant_bytes_[index(link)] += request.bytes;
    if (request.from != request.to) instant_egress_[index(request.from)] += request.bytes;
    co_return TransferOutcome::complete;
  }
  /// Takes the flow out of the network when whoever waits for it is cancelled.
  class Membership {
   public:
    Membership(Network& network, Transfer& member) : network_{network}, member_{member} {
      network_.enter(member_);
    }
    ~Membership() { network_.leave(member_); }
    Membership(const Membership&) = delete;
    Membership& operator=(const Membership&) = delete;

   private:
    Network& network_;
    Transfer& member_;
  };
  Transfer transfer;
  transfer.links = way.links;
  const Membership membership{*this, transfer};
  const double cap = grows ? std::min(steady, initial_window / rtt.seconds()) : steady;
  transfer.flow =
      sharing_.start(taken, request.bytes, cap, 1, transfer.tag, simulation_.now());
  changed();
  if (grows) co_await grow_window(transfer, rtt, steady);
  while (transfer.state == Transfer::State::moving) co_await transfer.changed.wait();
  co_return transfer.state == Transfer::State::complete ? TransferOutcome::complete
                                                        : TransferOutcome::broken;
}

// Slow start: the window doubles each round trip until something else limits the stream.
Task<void> Network::grow_window(Transfer& transfer, Duration rtt, double steady) {
  double cap = initial_window / rtt.seconds();
  while (transfer.state == Transfer::State::moving && cap < steady) {
    const Deadline next_round = simulation_.deadline(rtt);
    const bool woken = co_await transfer.changed.wait_until(next_round);
    if (woken) co_return;
    const bool limited_elsewhere =
        sharing_.rate(transfer.flow, simulation_.now()) < cap * (1 - 1e-9);
    cap = limited_elsewhere ? steady : std::min(steady, cap * 2);
    // A stream that nothing else limits goes on doubling; its cap then no longer matters.
    if (cap >= 1e15) co_return;
    sharing_.set_cap(transfer.flow, cap, simulation_.now());
    changed();
  }
}

void Network::enter(Transfer& transfer) {
  if (free_tags_.empty()) {
    transfer.tag = transfers_.size();
    transfers_.push_back(&transfer);
  } else {
    transfer.tag = free_tags_.back();
    free_tags_.pop_back();
    transfers_[transfer.tag] = &transfer;
  }
}

void Network::leave(Transfer& transfer) {
  // After a reset the network has forgotten the transfers of the run before.
  if (transfer.tag >= transfers_.size() || transfers_[transfer.tag] != &transfer) return;
  if (transfer.state == Transfer::State::moving) {
    sharing_.remove(transfer.flow, simulation_.now());
    changed();
  }
  transfers_[transfer.tag] = nullptr;
  free_tags_.push_back(transfer.tag);
}

void Network::changed() {
  if (sharing_event_.pending()) simulation_.cancel(sharing_event_);
  simulation_.schedule(sharing_event_, Duration{});
}

// Ends what has ended, and comes again when the next transfer does.
void Network::share() {
  const Instant now = simulation_.now();
  ended_.clear();
  sharing_.take_ended(now, ended_);
  for (const std::uint64_t tag : ended_) {
    transfers_[tag]->state = Transfer::State::complete;
    transfers_[tag]->changed.notify_all();
  }
  const Instant next = sharing_.next_end(now);
  if (next < Instant::never()) simulation_.schedule_at(sharing_event_, next);
}

void Network::break_transfers_over(LinkId link) {
  for (Transfer* transfer : transfers_) {
    if (transfer == nullptr || transfer->state != Transfer::State::moving) continue;
    if (std::find(transfer->links.begin(), transfer->links.end(), link) == transfer->links.end())
      continue;
    sharing_.remove(transfer->flow, simulation_.now());
    transfer->state = Transfer::State::broken;
    transfer->changed.notify_all();
    changed();
  }
}

double Network::link_bytes(LinkId link) const {
  return static_cast<double>(instant_bytes_[index(link)]) +
         sharing_.carried(index(link), simulation_.now());
}

double Network::egress_bytes(RegionId region) const {
  const auto channel =
      static_cast<FairSharing::Channel>(links_.size()) + index(region);
  return static_cast<double>(instant_egress_[index(region)]) +
         sharing_.carried(channel, simulation_.now());
}

void Network::set_link(RegionId a, RegionId b, const std::function<void(std::size_t)>& change) {
  if (const auto there = plan_.direct(a, b)) change(index(*there));
  if (const auto back = plan_.direct(b, a)) change(index(*back));
  forget_routes();
}

void Network::fail_link(RegionId a, RegionId b) {
  set_link(a, b, [this](std::size_t link) {
    down_[link] = true;
    break_transfers_over(static_cast<LinkId>(link));
  });
}

void Network::restore_link(RegionId a, RegionId b) {
  set_link(a, b, [this](std::size_t link) { down_[link] = false; });
}

void Network::degrade_link(RegionId a, RegionId b, std::optional<Bandwidth> bandwidth,
                           std::optional<Duration> rtt, std::optional<Ratio> loss) {
  set_link(a, b, [&](std::size_t link) {
    if (rtt) rtt_[link] = *rtt;
    if (loss) links_[link].loss = loss->value;
    if (!bandwidth) return;
    links_[link].bandwidth = *bandwidth;
    sharing_.set_capacity(static_cast<FairSharing::Channel>(link), bytes_per_second(*bandwidth),
                          simulation_.now());
  });
  changed();
}

void Network::restore_link_quality(RegionId a, RegionId b) {
  set_link(a, b, [this](std::size_t link) {
    links_[link] = plan_.links[link];
    rtt_[link] = plan_.links[link].rtt;
    sharing_.set_capacity(static_cast<FairSharing::Channel>(link),
                          bytes_per_second(plan_.links[link].bandwidth), simulation_.now());
  });
  changed();
}

}  // namespace georep
