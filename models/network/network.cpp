#include "models/network/network.hpp"

#include <algorithm>
#include <cmath>

#include "models/network/sharing_model.hpp"
#include "models/network/tcp.hpp"

namespace georep {

namespace {

// How long bytes take at a rate. No run lasts a century.
Duration time_to_move(double bytes, double rate) {
  constexpr double century = 36'525 * 86'400.0;
  return Duration::from_seconds(std::min(bytes / rate, century));
}

}  // namespace

/// A transfer under way. Whoever waits for it may be cancelled: it is out of the network when it is destroyed.
struct Network::Transfer {
  enum class State : std::uint8_t { moving, complete, broken };

  Transfer(Network& carrier, const Path& path, TransferCanceller* wanted_by)
      : network{carrier}, route{path.route}, rule{path.rule}, canceller{wanted_by} {
    if (canceller != nullptr) canceller->transfer_ = this;
    network.enter(*this);
  }
  ~Transfer() {
    if (canceller != nullptr) canceller->transfer_ = nullptr;
    network.leave(*this);
  }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  double cap() const { return std::min(rule.cap, window / rule.rtt.seconds()); }

  Network& network;
  FairSharing::RouteId route;
  State state = State::moving;
  StreamRule rule;
  double window = FairSharing::unlimited;  // bytes a round trip, while the stream is in slow start
  FairSharing::FlowId flow;
  std::uint64_t tag = 0;
  TransferCanceller* canceller;
  Signal changed;
};

Network::Network(Simulation& simulation, const NetworkPlan& plan)
    : simulation_{simulation}, plan_{&plan}, planned_{&plan}, change_event_{*this}, end_event_{*this} {
  add_channels();
  altered_ = true;
  reset();
}

Network::~Network() { withdraw_events(); }

void Network::withdraw_events() {
  if (change_event_.pending()) simulation_.cancel(change_event_);
  if (end_event_.pending()) simulation_.cancel(end_event_);
}

void Network::reset() {
  withdraw_events();
  if (altered_) {
    plan_ = planned_;
    links_ = plan_->links;
    rtt_.clear();
    for (const auto& link : links_) rtt_.push_back(link.rtt);
    down_.assign(links_.size(), false);
    forget_paths();
    altered_ = false;
  }
  sharing_.reset();
  transfers_.clear();
  free_tags_.clear();
  instant_bytes_.assign(links_.size(), 0);
  instant_egress_.assign(plan_->regions.size(), 0);
  std::fill(users_.begin(), users_.end(), 0U);
  took_any_share_ = more_transfers_ = false;
}

// ---- Messages ----------------------------------------------------------------------------------------------------

bool Network::reachable(RegionId from, RegionId to) const { return path(from, to).reachable; }

Duration Network::round_trip(RegionId from, RegionId to) const {
  const Path& way = path(from, to);
  GEOREP_ASSERT(way.reachable, "a round trip is asked for where there is a route");
  return way.rtt;
}

Deadline Network::arrival(Connection& connection, RegionId from, RegionId to) {
  const Path& way = path(from, to);
  GEOREP_ASSERT(way.reachable, "a message is sent where there is a route");
  Duration latency = way.latency;
  const std::uint64_t message = connection.messages_++;
  if (plan_->jitter > 0) {
    Draw draw = simulation_.chance().draw(connection.name_, Purpose::latency, message);
    const double factor = 1 + plan_->jitter * (2 * draw.uniform() - 1);
    latency = Duration::nanoseconds(
        static_cast<std::int64_t>(std::ceil(static_cast<double>(latency.count()) * factor)));
  }
  // A search may swap what happens at one instant, but not what one connection carries.
  Deadline earliest = connection.last_arrival_;
  if (simulation_.has_chooser() && message > 0) earliest.at = earliest.at + Duration::nanoseconds(1);
  connection.last_arrival_ = simulation_.choose_moment(connection.name_ + message,
                                                       ChoiceKind::latency, latency, earliest);
  return connection.last_arrival_;
}

// ---- Transfers ---------------------------------------------------------------------------------------------------

// What a search makes of a transfer: as if there were so much more or less to carry that, alone, it would take the time chosen.
std::int64_t Network::bytes_to_move(const TransferRequest& request, const Path& way) {
  if (!simulation_.has_chooser()) return request.bytes;
  double rate = way.rule.cap;
  for (const FairSharing::Hop& hop : sharing_.hops(way.route))
    rate = std::min(rate, sharing_.capacity(hop.channel));
  const Duration nominal = time_to_move(static_cast<double>(request.bytes), rate);
  const Duration chosen =
      simulation_.choose_moment(request.name, ChoiceKind::bandwidth, nominal).at -
      simulation_.now();
  if (chosen == nominal || nominal == Duration{}) return request.bytes;
  return std::max<std::int64_t>(
      1, static_cast<std::int64_t>(std::ceil(static_cast<double>(request.bytes) *
                                             (chosen.seconds() / nominal.seconds()))));
}

bool Network::starts_slowly(const TransferRequest& request, const Path& way) const {
  return plan_->slow_start && way.rule.rtt > Duration{} &&
         static_cast<double>(request.bytes) > tcp::initial_window_bytes;
}

bool Network::may_take_any_share(const TransferRequest& request, const Path& way) const {
  const SharingModel model = sharing_model(plan_->model);
  return any_share_ && !altered_ && !model.by_latency && model.acknowledgements == 0 &&
         !starts_slowly(request, way);
}

// Max-min fair sharing gives a stream at least an equal part of one of its channels, or all that its cap allows.
Deadline Network::end_of_any_share(const TransferRequest& request, const Path& way) {
  took_any_share_ = true;
  double best = way.rule.cap;
  double worst = way.rule.cap;
  for (const FairSharing::Hop& hop : sharing_.hops(way.route)) {
    if (hop.channel >= users_.size()) {
      users_.resize(hop.channel + 1, 0);
      most_users_.resize(hop.channel + 1, 0);
    }
    if (++users_[hop.channel] > most_users_[hop.channel]) {
      most_users_[hop.channel] = users_[hop.channel];
      more_transfers_ = true;
    }
    best = std::min(best, sharing_.capacity(hop.channel));
    worst = std::min(worst, sharing_.capacity(hop.channel) / most_users_[hop.channel]);
  }
  const auto bytes = static_cast<double>(request.bytes);
  const Duration alone = time_to_move(bytes, best);
  if (worst == best) return simulation_.deadline(alone);
  // Each change of the shares may round an end up to the next nanosecond.
  const Duration rounding = Duration::nanoseconds(1'000);
  const Duration more = time_to_move(bytes, worst) - alone + rounding;
  return later(simulation_.choose_moment(request.name, ChoiceKind::sharing, more),
               alone - Duration::nanoseconds(1));
}

Task<TransferOutcome> Network::transfer(const TransferRequest& request) {
  const Path& way = path(PathKey{request.from, request.to, request.upload, request.download});
  if (!way.reachable) return ended(TransferOutcome::broken);
  if (request.bytes == 0 || (!way.rule.limited && !starts_slowly(request, way))) {
    for (const FairSharing::Hop& hop : sharing_.hops(way.route))
      if (hop.channel < links_.size() && hop.consumption >= 1)
        instant_bytes_[hop.channel] += request.bytes;
    if (request.from != request.to) instant_egress_[index(request.from)] += request.bytes;
    return ended(TransferOutcome::complete);
  }
  if (may_take_any_share(request, way)) return complete_at(end_of_any_share(request, way));
  return move(way, bytes_to_move(request, way), starts_slowly(request, way), request.canceller);
}

Task<TransferOutcome> Network::ended(TransferOutcome outcome) { co_return outcome; }

Task<TransferOutcome> Network::complete_at(Deadline end) {
  co_await simulation_.until(end);
  co_return TransferOutcome::complete;
}

// A frame of this stays for each transfer under way, so it holds no more than that needs.
Task<TransferOutcome> Network::move(const Path& way, std::int64_t bytes, bool slow_start,
                                    TransferCanceller* canceller) {
  Transfer transfer{*this, way, canceller};
  if (slow_start) transfer.window = tcp::initial_window_bytes;
  transfer.flow = sharing_.start(transfer.route, bytes, transfer.cap(), transfer.rule.weight,
                                 transfer.tag, simulation_.now());
  changed();
  if (slow_start) co_await grow_window(transfer);
  while (transfer.state == Transfer::State::moving) co_await transfer.changed.wait();
  co_return transfer.state == Transfer::State::complete ? TransferOutcome::complete
                                                        : TransferOutcome::broken;
}

// Slow start: the window doubles each round trip until something else limits the stream. What fits the window leaves as one burst.
Task<void> Network::grow_window(Transfer& transfer) {
  while (transfer.window < FairSharing::unlimited) {
    const Deadline next_round = simulation_.deadline(transfer.rule.rtt);
    const bool woken = co_await transfer.changed.wait_until(next_round);
    if (woken) co_return;
    const Instant now = simulation_.now();
    const double window_rate = transfer.window / transfer.rule.rtt.seconds();
    const bool limited_elsewhere = sharing_.rate(transfer.flow, now) < window_rate * (1 - 1e-9);
    transfer.window *= 2;
    if (limited_elsewhere || sharing_.bytes_left(transfer.flow, now) <= transfer.window + 1e-3)
      transfer.window = FairSharing::unlimited;
    sharing_.set_limits(transfer.flow, transfer.cap(), transfer.rule.weight, now);
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

// After a reset the network has forgotten the transfers of the run before.
bool Network::knows(const Transfer& transfer) const {
  return transfer.tag < transfers_.size() && transfers_[transfer.tag] == &transfer;
}

void Network::leave(Transfer& transfer) {
  if (!knows(transfer)) return;
  if (transfer.state == Transfer::State::moving) {
    sharing_.remove(transfer.flow, simulation_.now());
    changed();
  }
  transfers_[transfer.tag] = nullptr;
  free_tags_.push_back(transfer.tag);
}

void Network::changed() {
  if (!change_event_.pending()) simulation_.schedule_now(change_event_);
}

// Solves for the rates, and sees to it that somebody comes when the next transfer ends.
void Network::share() {
  const Instant next = sharing_.next_end(simulation_.now());
  if (end_event_.pending()) {
    if (next_end_ == next) return;
    simulation_.cancel(end_event_);
  }
  if (next == Instant::never()) return;
  simulation_.schedule_at(end_event_, next);
  next_end_ = next;
}

void Network::end_transfers() {
  ended_.clear();
  sharing_.take_ended(simulation_.now(), ended_);
  for (const std::uint64_t tag : ended_) {
    transfers_[tag]->state = Transfer::State::complete;
    transfers_[tag]->changed.notify_all();
  }
  share();
}

void Network::break_off(Transfer& transfer) {
  sharing_.remove(transfer.flow, simulation_.now());
  transfer.state = Transfer::State::broken;
  transfer.changed.notify_all();
  changed();
}

void Network::cancel(Transfer& transfer) {
  if (knows(transfer) && transfer.state == Transfer::State::moving) break_off(transfer);
}

TransferCanceller::~TransferCanceller() {
  if (transfer_ == nullptr) return;
  transfer_->canceller = nullptr;
  transfer_->network.cancel(*transfer_);
}

void Network::break_transfers_over(LinkId link) {
  for (Transfer* transfer : transfers_) {
    if (transfer == nullptr || transfer->state != Transfer::State::moving) continue;
    const auto& hops = sharing_.hops(transfer->route);
    const bool crosses = std::any_of(hops.begin(), hops.end(), [link](const auto& hop) {
      return hop.channel == index(link) && hop.consumption >= 1;
    });
    if (crosses) break_off(*transfer);
  }
}

double Network::link_bytes(LinkId link) const {
  return static_cast<double>(instant_bytes_[index(link)]) +
         sharing_.carried(index(link), simulation_.now());
}

double Network::egress_bytes(RegionId region) const {
  return static_cast<double>(instant_egress_[index(region)]) +
         sharing_.carried(egress_channel(region), simulation_.now());
}

// ---- Links that change -------------------------------------------------------------------------------------------

void Network::set_link(RegionId a, RegionId b, const std::function<void(std::size_t)>& change) {
  for (const LinkId link : {direct_[pair(a, b)], direct_[pair(b, a)]})
    if (link != LinkId::none) change(index(link));
  altered_ = true;
  forget_paths();
}

void Network::follow(const NetworkPlan& plan) {
  GEOREP_ASSERT(plan.regions.size() == planned_->regions.size() &&
                    plan.links.size() == planned_->links.size() &&
                    plan.lines.size() == planned_->lines.size(),
                "only what its regions and links are like changes in a network");
  plan_ = &plan;
  links_ = plan.links;
  for (std::size_t i = 0; i < links_.size(); ++i) rtt_[i] = links_[i].rtt;
  FairSharing::Channel channel = 0;
  for (const Bandwidth capacity : channel_bandwidths())
    sharing_.set_capacity(channel++, channel_capacity(capacity));
  altered_ = true;
  forget_paths();
  apply_rules_again();
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
    sharing_.set_capacity(static_cast<FairSharing::Channel>(link), channel_capacity(*bandwidth));
  });
  apply_rules_again();
}

void Network::restore_link_quality(RegionId a, RegionId b) {
  set_link(a, b, [this](std::size_t link) {
    links_[link] = plan_->links[link];
    rtt_[link] = plan_->links[link].rtt;
    sharing_.set_capacity(static_cast<FairSharing::Channel>(link),
                          channel_capacity(plan_->links[link].bandwidth));
  });
  apply_rules_again();
}

// Transfers under way keep their routes, and go by what these are now.
void Network::apply_rules_again() {
  for (Transfer* transfer : transfers_) {
    if (transfer == nullptr || transfer->state != Transfer::State::moving) continue;
    transfer->rule = rule_of(sharing_.hops(transfer->route));
    sharing_.set_limits(transfer->flow, transfer->cap(), transfer->rule.weight,
                        simulation_.now());
  }
  changed();
}

}  // namespace georep
