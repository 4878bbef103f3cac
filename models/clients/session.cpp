#include "models/clients/session.hpp"

#include "models/registry/shared_objects.hpp"

namespace georep {

std::optional<RegionId> Session::ask(std::uint64_t subject) {
  return routing_.resolve(host_.resolver, request(subject));
}

// The answer that the host keeps for the time to live of the record; a failure does not drop it.
std::optional<RegionId> Session::kept(std::uint64_t subject) {
  const auto kept = [this] {
    return shared::object(shared::Kind::kept_answer, RegionId{0}, index(host_.id));
  };
  simulation_.note_read(kept());
  if (host_.kept_answer == RegionId::none || simulation_.passed(host_.kept_until)) {
    const std::optional<RegionId> answer = ask(subject);
    if (!answer) return std::nullopt;
    simulation_.note_write(kept());
    host_.kept_answer = *answer;
    host_.kept_until = simulation_.deadline(spec_.dns_ttl);
  }
  return host_.kept_answer;
}

std::optional<RegionId> Session::resolve(std::optional<RegionId>& unit,
                                         std::uint64_t subject) {
  std::optional<RegionId> answer;
  if (host_.endpoint != RegionId::none) {
    answer = host_.endpoint;
  } else {
    switch (host_.settings.resolve) {
      case ResolveRule::ttl:
        answer = kept(subject);
        break;
      case ResolveRule::every_request:
        answer = ask(subject);
        break;
      case ResolveRule::every_blob:
        if (!unit) unit = ask(subject);
        answer = unit;
        break;
      case ResolveRule::once:
        if (!whole_operation_) whole_operation_ = ask(subject);
        answer = whole_operation_;
        break;
    }
  }
  if (answer) last_ = *answer;
  return answer;
}

}  // namespace georep
