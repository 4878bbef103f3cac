// Images made of layers that there are, and the machines that use them.
#include "models/data/images.hpp"
#include "scenarios/reader/checks.hpp"
#include "sim/fields/spelling.hpp"

namespace georep {
namespace {

void check_image(const Checked& checked, const ImageSpec& image) {
  const std::string path = path_of("images", image.name);
  if (const auto* layered = std::get_if<LayeredImage>(&image.content)) {
    for (std::size_t i = 0; i < layered->layers.size(); ++i)
      if (const auto* layer = std::get_if<std::string>(&layered->layers[i]))
        checked.require(checked.known.layers, *layer, path + path_step(i));
  } else if (const auto* real = std::get_if<RealImage>(&image.content)) {
    if (real->real.empty() || find_real_image(real->real) != nullptr) return;
    const std::string nearest = nearest_name(real->real, real_image_names());
    checked.findings.report(Code::unknown_name, path + ".real",
                            "there is no real image '" + real->real + "' in the bundled table",
                            nearest.empty() ? "`georep list` names them"
                                            : "did you mean '" + nearest + "'?");
  } else {
    for (const IndexChild& child : std::get<ImageIndex>(image.content).index)
      checked.require(checked.known.images, child.image, path + ".index" + path_step(child.name));
  }
}

// An index that is its own child, through others or not, has no digest.
class IndexCycles {
 public:
  explicit IndexCycles(const Checked& checked) : checked_{checked} {
    for (const ImageSpec& image : checked.scenario.world.images)
      if (const auto* index = std::get_if<ImageIndex>(&image.content))
        indexes_.emplace(image.name, index);
  }

  void report() {
    for (const ImageSpec& image : checked_.scenario.world.images)
      if (const auto found = indexes_.find(image.name); found != indexes_.end()) follow(image.name);
  }

 private:
  // Depth first with a stack of its own, so that a long chain of indexes is no deep recursion.
  void follow(const std::string& start) {
    std::vector<std::pair<std::string, std::size_t>> stack;
    const auto enter = [&](const std::string& name) {
      if (indexes_.contains(name) && state_.try_emplace(name, State::open).second)
        stack.emplace_back(name, 0);
    };
    enter(start);
    while (!stack.empty()) {
      auto& [name, next] = stack.back();
      const auto& children = indexes_.at(name)->index;
      if (next == children.size()) {
        state_[name] = State::done;
        stack.pop_back();
        continue;
      }
      const IndexChild& child = children[next++];
      const auto state = state_.find(child.image);
      if (state != state_.end() && state->second == State::open)
        checked_.findings.report(Code::contradiction,
                                 path_of("images", name, "index", child.name),
                                 "the index '" + child.image + "' would contain itself");
      else
        enter(child.image);
    }
  }

  enum class State : std::uint8_t { open, done };
  const Checked& checked_;
  std::map<std::string, const ImageIndex*> indexes_;
  std::map<std::string, State> state_;
};

}  // namespace

void check_content(const Checked& checked) {
  for (const ImageSpec& image : checked.scenario.world.images) check_image(checked, image);
  IndexCycles{checked}.report();
}

void check_machines(const Checked& checked) {
  const WorldSpec& world = checked.scenario.world;
  constexpr std::int64_t most_machines = 1'000'000;
  std::int64_t machines = 0;
  const auto count = [&](std::int64_t more, const std::string& path) {
    const bool fitted = machines <= most_machines;
    machines += more;
    if (fitted && machines > most_machines)
      checked.findings.report(Code::too_big, path,
                              "all hosts and nodes together are more than 1000000 machines");
  };
  for (const HostSpec& host : world.hosts) {
    const std::string path = path_of("hosts", host.name);
    checked.require(checked.known.regions, host.region, path + ".region");
    checked.require(checked.known.regions, host.resolver, path + ".resolver");
    if (checked.require(checked.known.regions, host.endpoint, path + ".endpoint"))
      checked.require(checked.known.replicas, host.endpoint, path + ".endpoint");
    count(host.count, path + ".count");
  }
  for (const ClusterSpec& cluster : world.clusters) {
    checked.require(checked.known.regions, cluster.region,
                    path_of("clusters", cluster.name, "region"));
    count(cluster.nodes, path_of("clusters", cluster.name, "nodes"));
  }
}

}  // namespace georep
