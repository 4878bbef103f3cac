#include "models/network/fields.hpp"

#include "sim/fields/scalar_kinds.hpp"

namespace georep {
namespace {

RecordOf<RegionSpec> region_fields() {
  return RecordOf<RegionSpec>("region", "A place where replicas, hosts and clusters stand.")
      .field<&RegionSpec::egress>("egress", optional(bandwidth()),
                                  "Its way out, shared by all that leaves it.",
                                  {.otherwise = "the network's egress"})
      .field<&RegionSpec::ingress>("ingress", optional(bandwidth()),
                                   "Its way in, shared by all that enters it.",
                                   {.otherwise = "the network's ingress"})
      .field<&RegionSpec::location>(
          "location",
          optional(pair_of<&Location::latitude, &Location::longitude>(real(-180, 180))),
          "Latitude and longitude in degrees.", {.otherwise = "the preset's"});
}

RecordOf<LinkSpec> link_fields() {
  const auto loss_laws = words<LossLaw>({{"mathis", LossLaw::mathis, "1460 B / RTT * sqrt(1.5 / p)"},
                                         {"pftk", LossLaw::pftk, "with timeouts, Padhye et al."},
                                         {"cubic", LossLaw::cubic, "RFC 9438"}});
  return RecordOf<LinkSpec>("link", "A way from one region to another.")
      .choice<&LinkSpec::ends>(
          "'between', or 'from' and 'to'",
          RecordOf<LinkBetween>("link", "").head<&LinkBetween::regions>(
              "between", pair(name("a region")), "The two regions; both directions alike."),
          RecordOf<LinkOneWay>("link", "")
              .head<&LinkOneWay::from>("from", name("a region"), "Where one direction starts.")
              .head<&LinkOneWay::to>("to", name("a region"), "Where it ends."))
      .field<&LinkSpec::rtt>("rtt", optional(duration()), "Round trip, both ways together.",
                             {.otherwise = "the preset's; required without one"})
      .field<&LinkSpec::bandwidth>("bandwidth", optional(bandwidth()), "Of each direction.",
                                   {.otherwise = "the network's bandwidth"})
      .field<&LinkSpec::loss>("loss", optional(ratio(0, 0.99)),
                              "Share of packets lost; caps each stream.", {.otherwise = "0"})
      .field<&LinkSpec::loss_law>("loss_law", loss_laws,
                                  "How the loss caps a stream.");
}

}  // namespace

std::string_view text(NetworkPreset preset) {
  switch (preset) {
    case NetworkPreset::azure:
      return "azure";
    case NetworkPreset::aws:
      return "aws";
    case NetworkPreset::gcp:
      return "gcp";
  }
  return {};
}

const RecordOf<NetworkSpec>& network_fields() {
  static const RecordOf<NetworkSpec> fields =
      RecordOf<NetworkSpec>("network", "Regions, the links between them, and how bytes move.")
          .field<&NetworkSpec::preset>(
              "preset",
              optional(words<NetworkPreset>({{"azure", NetworkPreset::azure, ""},
                                             {"aws", NetworkPreset::aws, ""},
                                             {"gcp", NetworkPreset::gcp, ""}})),
              "A cloud whose region names, coordinates and measured round trips are taken.",
              {.otherwise = "none: every region is listed"})
          .field<&NetworkSpec::model>(
              "model",
              words<NetworkModel>({{"flow", NetworkModel::flow, "max-min fair sharing"},
                                   {"cm02", NetworkModel::cm02, "SimGrid's CM02"},
                                   {"lv08", NetworkModel::lv08, "SimGrid's LV08"}}),
              "How transfers share bandwidth.")
          .field<&NetworkSpec::bandwidth>("bandwidth", bandwidth(), "Of every link, each direction.")
          .field<&NetworkSpec::egress>("egress", bandwidth(),
                                       "Every region's way out, shared by all that leaves it.")
          .field<&NetworkSpec::ingress>("ingress", bandwidth(),
                                        "Every region's way in, shared by all that enters it.")
          .field<&NetworkSpec::local_rtt>("local_rtt", duration(), "Round trip inside a region.")
          .field<&NetworkSpec::jitter>("jitter", ratio(),
                                       "Of each message's one-way latency, uniform.")
          .field<&NetworkSpec::stream_window>(
              "stream_window", optional(size(1_B), "unlimited"),
              "TCP window of one stream: caps it at window / RTT.")
          .field<&NetworkSpec::slow_start>(
              "slow_start", boolean(),
              "A stream doubles from 10 segments each round trip until it reaches its share.")
          .field<&NetworkSpec::regions>(
              "regions", named<&RegionSpec::name>(KindOf<RegionSpec>(region_fields()), "region names"),
              "The regions; beside a preset, what differs from it.")
          .field<&NetworkSpec::links>(
              "links", list(KindOf<LinkSpec>(link_fields())),
              "The links; beside a preset, what differs from it. Elsewhere the way of least latency is taken.")
          .field<&NetworkSpec::price>(
              "price",
              RecordOf<TrafficPriceSpec>("price", "What traffic costs.")
                  .field<&TrafficPriceSpec::egress>("egress", optional(price()),
                                                    "Of what leaves a region.",
                                                    {.otherwise = "the preset's, or nothing"}),
              "What traffic costs.");
  return fields;
}

}  // namespace georep
