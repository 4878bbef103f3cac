#include "analysis/experiments/rare.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "analysis/experiments/run.hpp"
#include "analysis/measures/shared_observers.hpp"
#include "sim/kernel/task.hpp"

namespace georep {
namespace {

// The score is looked at this often at least, so that it also grows where nothing happens.
constexpr std::int64_t looks = 256;

Task<void> look(Simulation& simulation, Duration every) {
  while (true) co_await simulation.delay(every);
}

class ViolationModel final : public SplitModel, private KernelListener {
 public:
  ViolationModel(CompiledPtr compiled, std::uint64_t seed, Exposure exposure)
      : compiled_(std::move(compiled)),
        seed_(seed),
        exposure_(exposure),
        runner_(compiled_->scenario, compiled_->plan, RunOptions{}),
        simulation_(runner_.world().simulation()),
        shared_(runner_.world()),
        history_(shared_.history()),
        replicas_(shared_.replicas()),
        revealer_(simulation_) {
    runner_.judge(seed_, 0);
    const std::int64_t length = simulation_.now().count();
    look_every_ = Duration::nanoseconds(std::max<std::int64_t>(1, length / looks));
    simulation_.set_listener(this);
  }
  ~ViolationModel() override { simulation_.set_listener(nullptr); }
  ViolationModel(const ViolationModel&) = delete;
  ViolationModel& operator=(const ViolationModel&) = delete;

  std::vector<ScoreRecord> run(const SplitPath& path, double level) override {
    path_ = &path;
    level_ = level;
    crossed_ = false;
    records_.clear();
    exposed_since_.clear();
    total_ = 0;
    looked_at_ = Instant{};
    last_at_ = Instant{};
    shared_.reset();
    const bool breach = !runner_.judge(seed_, path.key).empty();
    if (!crossed_ && breach) records_.push_back({violated, simulation_.events(), simulation_.now()});
    return records_;
  }
  std::uint64_t events() const override { return simulation_.events(); }

 private:
  void began() override {
    if (path_ == nullptr) return;
    revealer_.follow(*path_);
    simulation_.spawn(look(simulation_, look_every_), EventKind::unspecified, EntityId{}, Ground::background);
  }
  // What the event before has left behind is seen before the next one begins.
  void dispatched(const Event&, Instant at, EventOrdinal ordinal) override {
    if (!crossed_ && ordinal > 1) {
      const double score = score_at(last_at_);
      if (records_.empty() ? score > 0 : score > records_.back().score) {
        records_.push_back({score, ordinal - 1, last_at_});
        crossed_ = score >= level_;
        if (crossed_) simulation_.stop();
      }
    }
    last_at_ = at;
  }

  bool exposed(RegionId replica, TagId tag, Instant now) const {
    const TagAnswer& answer = replicas_.state(replica, tag).answer;
    if (answer.manifest == ManifestId::none || !answer.complete) return true;
    return history_.superseded(tag, answer.commit, answer.manifest, Deadline{now}).has_value();
  }

  double score_at(Instant now) {
    const std::vector<RegionId>& regions = compiled_->plan.replicas;
    exposed_since_.resize(std::max(exposed_since_.size(), history_.tag_count() * regions.size()), Instant::never());
    double longest = 0;
    for (std::size_t tag = 0; tag < history_.tag_count(); ++tag) {
      const TagId id{static_cast<std::uint32_t>(tag)};
      if (!history_.touched(id)) continue;
      for (std::size_t region = 0; region < regions.size(); ++region) {
        Instant& since = exposed_since_[tag * regions.size() + region];
        if (since != Instant::never()) {
          longest = std::max(longest, (now - since).seconds());
          total_ += (now - std::max(since, looked_at_)).seconds();
        }
        if (!exposed(regions[region], id, now)) {
          since = Instant::never();
        } else if (since == Instant::never()) {
          since = now;
        }
      }
    }
    looked_at_ = now;
    return exposure_ == Exposure::longest ? longest : total_;
  }

  void scheduled(const Event&, const Deadline&, EventOrdinal) override {}
  void cancelled(const Event&, EventOrdinal) override {}
  void accessed(SharedObject, Access) override {}
  void within(SharedObject) override {}
  void compared(const Deadline&, bool) override {}
  void ordered(const Deadline&, const Deadline&, bool) override {}
  SharedObject named(bool) override { return {}; }

  CompiledPtr compiled_;
  std::uint64_t seed_;
  Exposure exposure_;
  Runner runner_;
  Simulation& simulation_;
  SharedObservers shared_;
  History& history_;
  ReplicaView& replicas_;
  PathRevealer revealer_;
  Duration look_every_;
  const SplitPath* path_ = nullptr;
  double level_ = 0;
  bool crossed_ = false;
  std::vector<ScoreRecord> records_;
  std::vector<Instant> exposed_since_;  // by tag and replica; never: not exposed
  double total_ = 0;
  Instant looked_at_;
  Instant last_at_;
};

}  // namespace

std::unique_ptr<SplitModel> violation_model(CompiledPtr compiled, std::uint64_t seed, Exposure exposure) {
  return std::make_unique<ViolationModel>(std::move(compiled), seed, exposure);
}

}  // namespace georep
