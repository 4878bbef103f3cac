// Small models on the kernel alone whose rare events have known probabilities.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <vector>

#include "analysis/experiments/splitting.hpp"
#include "sim/kernel/task.hpp"

namespace georep::test {

inline Distribution exponential(double mean_seconds) {
  Distribution law;
  law.law = Distribution::Law::exponential;
  law.a = mean_seconds * 1e9;
  return law;
}

// A model on a simulation of its own. The score is looked at after every change.
class KernelModel : public SplitModel {
 public:
  std::vector<ScoreRecord> run(const SplitPath& path, double level) override {
    simulation_.reset(seed, path.key);
    revealer_.follow(path);
    level_ = level;
    records_.clear();
    start();
    simulation_.run();
    return records_;
  }
  std::uint64_t events() const override { return simulation_.events(); }

  static constexpr std::uint64_t seed = 5;

 protected:
  virtual void start() = 0;
  void score(double value) {
    if (!records_.empty() && value <= records_.back().score) return;
    records_.push_back({value, simulation_.events(), simulation_.now()});
    if (value >= level_) simulation_.stop();
  }
  Duration delay(const Distribution& law, std::uint64_t entity, std::uint64_t number) {
    Draw draw = simulation_.chance().draw(entity, Purpose::test, number);
    return simulation_.draw_delay(law, draw);
  }

  Simulation simulation_;

 private:
  PathRevealer revealer_{simulation_};
  double level_ = 0;
  std::vector<ScoreRecord> records_;
};

// Queues in series, one customer in the first at the start; it ends when all are empty. The score
// is the number present.
class Queues : public KernelModel {
 public:
  Queues(double arrival_rate, std::vector<double> service_rates, double weight_of_last = 1)
      : arrivals_(exponential(1 / arrival_rate)), weight_of_last_(weight_of_last) {
    for (const double rate : service_rates) services_.push_back(exponential(1 / rate));
  }

 protected:
  void start() override {
    present_.assign(services_.size(), 0);
    served_.assign(services_.size(), 0);
    simulation_.spawn(arrive());
    enter(0);
  }

 private:
  Task<void> arrive() {
    for (std::uint64_t number = 0;; ++number) {
      const Duration gap = delay(arrivals_, 100, number);
      co_await simulation_.delay(gap);
      enter(0);
    }
  }
  void enter(std::size_t queue) {
    if (++present_[queue] == 1) simulation_.spawn(serve(queue));
    double total = 0;
    for (const int count : present_) total += count;
    score(total - present_.back() * (1 - weight_of_last_));
  }
  Task<void> serve(std::size_t queue) {
    while (present_[queue] > 0) {
      const Duration service = delay(services_[queue], queue, served_[queue]++);
      co_await simulation_.delay(service);
      --present_[queue];
      if (queue + 1 < present_.size()) {
        enter(queue + 1);
      } else if (std::all_of(present_.begin(), present_.end(), [](int n) { return n == 0; })) {
        simulation_.stop();
      }
    }
  }

  Distribution arrivals_;
  std::vector<Distribution> services_;
  double weight_of_last_;
  std::vector<int> present_;
  std::vector<std::uint64_t> served_;
};

// How near delays are to last for the target, from what has passed and how many are to come.
using Nearness = std::function<double(double seconds_to_go, int delays_to_come)>;

// Every delay to come is credited with as many seconds.
inline Nearness credit(double seconds) {
  return [seconds](double to_go, int to_come) { return seconds * to_come - to_go; };
}

// The exponential rate at which the probability falls, by Chernoff's bound on a sum of exponentials.
inline Nearness chernoff_bound() {
  return [](double to_go, int to_come) {
    if (to_come == 0) return -to_go;
    const double stretch = std::max(1.0, to_go / to_come);
    return -to_come * (stretch - 1 - std::log(stretch));
  };
}

// Delays one after another, each exponential with mean 1 s. The score is 1000 where they last for
// `target` seconds together, and less by how far they are from it otherwise.
class Chain : public KernelModel {
 public:
  static constexpr double reached = 1000;

  Chain(int delays, double target, Nearness nearness)
      : delays_(delays), target_(target), nearness_(std::move(nearness)) {}

 protected:
  void start() override { simulation_.spawn(walk()); }

 private:
  Task<void> walk() {
    const Distribution law = exponential(1);
    for (int i = 1; i <= delays_; ++i) {
      const Duration length = delay(law, 1, static_cast<std::uint64_t>(i));
      co_await simulation_.delay(length);
      const double to_go = target_ - simulation_.now().seconds();
      const double near = reached + nearness_(to_go, delays_ - i);
      score(to_go <= 0 ? reached : std::min(near, std::nextafter(reached, 0)));
    }
  }

  int delays_;
  double target_;
  Nearness nearness_;
};

inline SplittingResult split_with(const std::function<std::unique_ptr<SplitModel>()>& make_model,
                                  double target, std::int64_t paths, std::int64_t replicates) {
  SplittingRequest request;
  request.seed = KernelModel::seed;
  request.target = target;
  request.paths = paths;
  request.replicates = replicates;
  request.confidence = 0.999;
  return split(make_model, request);
}

}  // namespace georep::test
