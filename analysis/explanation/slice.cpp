#include "analysis/explanation/slice.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace georep {

namespace {

class Slice {
 public:
  Slice(const RecordedRun& run, const Question& question, const ExpectationSpec* expectation,
        const AskedOutcome& outcome)
      : run_{run}, question_{question}, expectation_{expectation}, outcome_{outcome} {}

  OutcomeSlice slice() {
    find_roots();
    find_focus();
    std::vector<EventIndex> events;
    for (const Happening* root : roots_) events.push_back(root->event);
    if (run_.has_causes) past_ = run_.past_of(events, expectation_ != nullptr);
    OutcomeSlice result;
    for (const Happening& happening : run_.happenings)
      if (bears(happening)) result.circumstances.push_back({happening, bearing_of(happening)});
    result.past = std::move(past_);
    return result;
  }

 private:
  using Bearing = Circumstance::Bearing;

  bool asks_about(OperationId operation) const {
    return question_.about == Question::About::operation && operation != OperationId::none &&
           static_cast<std::size_t>(operation) == question_.candidates.front();
  }

  void find_roots() {
    if (question_.about == Question::About::operation) {
      for (const Happening& happening : run_.happenings)
        if (asks_about(happening.operation)) roots_.push_back(&happening);
      return;
    }
    if (outcome_.good) return;
    const bool of_nodes = std::holds_alternative<RunningExpectation>(expectation_->what);
    const bool of_state = of_nodes || std::holds_alternative<EventuallyExpectation>(expectation_->what);
    if (!of_state)
      for (const Happening& happening : run_.happenings)
        if (happening.at == outcome_.at && happening.kind != HappeningKind::operation_began) roots_.push_back(&happening);
    if (roots_.empty()) find_latest(of_nodes);
  }

  // What came out is the state that there was: who changed it last, in each place.
  void find_latest(bool of_nodes) {
    std::map<std::pair<std::string, TagId>, const Happening*> latest;
    for (const Happening& happening : run_.happenings) {
      if (happening.at > outcome_.at) break;
      const bool counts = of_nodes ? happening.kind == HappeningKind::node_ran
                                   : happening.kind == HappeningKind::tag_applied ||
                                         happening.kind == HappeningKind::change_taken;
      const std::string& place = happening.from.empty() ? happening.place : happening.to;
      if (counts) latest[{place, of_nodes ? TagId::none : happening.tag}] = &happening;
    }
    for (const auto& [place, happening] : latest) roots_.push_back(happening);
  }

  void find_focus() {
    for (const Happening* root : roots_) {
      if (root->tag != TagId::none) tags_.insert(root->tag);
      if (root->replica != RegionId::none) replicas_.insert(root->replica);
      if (root->host != HostId::none && root->kind != HappeningKind::change_taken) hosts_.insert(root->host);
      if (root->blob != BlobId::none) blobs_.insert(root->blob);
    }
    const Instant begun = question_.about == Question::About::operation && !roots_.empty() ? roots_.front()->at : Instant{};
    for (const Happening& happening : run_.happenings) {
      if (happening.at < begun || happening.at > outcome_.at) continue;
      if (happening.kind == HappeningKind::blob_refused && hosts_.contains(happening.host)) blobs_.insert(happening.blob);
      if (happening.kind == HappeningKind::answered && hosts_.contains(happening.host) && tags_.contains(happening.tag) &&
          happening.replica != RegionId::none)
        replicas_.insert(happening.replica);
    }
    for (const Happening& happening : run_.happenings)
      if (happening.kind == HappeningKind::change_taken && tags_.contains(happening.tag)) commits_.insert(happening.commit);
  }

  bool in_past(const Happening& happening) const {
    if (!run_.has_causes || happening.event == 0) return happening.at <= outcome_.at;
    return past_.contains(happening.event);
  }

  Bearing bearing_of(const Happening& happening) const {
    if (in_past(happening)) return Bearing::cause;
    return happening.at > outcome_.at ? Bearing::late : Bearing::unseen;
  }

  bool is_root(const Happening& happening) const {
    return std::find(roots_.begin(), roots_.end(), &happening) != roots_.end();
  }

  // What came after the outcome, once: the first of its kind in a place.
  bool first_after(const Happening& happening) {
    return happening.at > outcome_.at &&
           after_.emplace(happening.kind, happening.replica, happening.blob).second;
  }

  bool bears(const Happening& happening) {
    const bool in_time = happening.at <= outcome_.at;
    const bool of_tag = tags_.contains(happening.tag);
    const bool here = replicas_.contains(happening.replica) || happening.replica == RegionId::none;
    switch (happening.kind) {
      case HappeningKind::operation_began:
      case HappeningKind::webhook_fired:
      case HappeningKind::answered:
        return of_tag && in_time && in_past(happening);
      case HappeningKind::attempt_failed:
      case HappeningKind::operation_ended:
      case HappeningKind::node_ran:
      case HappeningKind::cache_answered:
        return is_root(happening);
      case HappeningKind::change_taken: return of_tag && in_time;
      case HappeningKind::replication_began:
      case HappeningKind::replication_failed:
        return commits_.contains(happening.commit) && here && in_time;
      case HappeningKind::tag_applied: return of_tag && here && (in_time || first_after(happening));
      case HappeningKind::content_stored:
        return happening.blob != BlobId::none && blobs_.contains(happening.blob) && here &&
               (in_time || first_after(happening));
      case HappeningKind::content_removed: return here && in_time && in_past(happening);
      case HappeningKind::cache_filled:
      case HappeningKind::cache_evicted: return of_tag && here && in_time;
      case HappeningKind::invalidated: return of_tag && here && (in_time || first_after(happening));
      case HappeningKind::read: return of_tag && here && in_time && in_past(happening);
      case HappeningKind::blob_refused:
      case HappeningKind::blob_promised:
        return hosts_.contains(happening.host) && blobs_.contains(happening.blob) && in_time && in_past(happening);
      case HappeningKind::routing:
        return in_time && in_past(happening) && !hosts_.empty() && last_answer(happening);
      case HappeningKind::fault: return in_time;
    }
    return false;
  }

  // The same answer of routing again is no news.
  bool last_answer(const Happening& happening) {
    const bool news = routed_ != happening.text;
    routed_ = happening.text;
    return news;
  }

  const RecordedRun& run_;
  const Question& question_;
  const ExpectationSpec* expectation_;
  const AskedOutcome& outcome_;
  EventSet past_;
  std::vector<const Happening*> roots_;
  std::set<TagId> tags_;
  std::set<RegionId> replicas_;
  std::set<HostId> hosts_;
  std::set<BlobId> blobs_;
  std::set<CommitId> commits_;
  std::set<std::tuple<HappeningKind, RegionId, BlobId>> after_;
  std::string routed_;
};

}  // namespace

OutcomeSlice slice_of(const RecordedRun& run, const Question& question, const ExpectationSpec* expectation,
                      const AskedOutcome& outcome) {
  return Slice{run, question, expectation, outcome}.slice();
}

}  // namespace georep
