// The packet cases by ns-3's TCP: CUBIC with SACK, an initial window of 10 segments, and in front of each bottleneck a queue that drops from its
// tail and holds what the whole chain carries in a round trip, at least a hundred packets. usage: packets_ns3 [most bytes]
#include <algorithm>
#include <cstdlib>

#include <ns3/applications-module.h>
#include <ns3/core-module.h>
#include <ns3/internet-module.h>
#include <ns3/network-module.h>
#include <ns3/point-to-point-module.h>
#include <ns3/traffic-control-module.h>

#include "tests/bench/packet_cases.hpp"

namespace {

constexpr std::int64_t packet_bytes = 1'514;

class Chain {
 public:
  explicit Chain(const bench::PacketCase& one) : case_{one}, left_{one.transfers.size()} {
    routers_.Create(static_cast<std::uint32_t>(one.hops + 1));
    stack_.Install(routers_);
    addresses_.SetBase("10.0.0.0", "255.255.255.0");
    const std::int64_t in_flight = bench::bottleneck_bits_per_second / 8 * (one.rtt_ns / 1'000'000) / 1'000;
    ns3::PointToPointHelper bottleneck;
    bottleneck.SetDeviceAttribute("DataRate", ns3::DataRateValue(ns3::DataRate(bench::bottleneck_bits_per_second)));
    bottleneck.SetChannelAttribute("Delay", ns3::TimeValue(ns3::NanoSeconds(one.rtt_ns / 2 / one.hops)));
    bottleneck.SetQueue("ns3::DropTailQueue", "MaxSize",
                        ns3::StringValue(std::to_string(std::max<std::int64_t>(100, in_flight / packet_bytes)) + "p"));
    for (std::uint32_t hop = 0; hop < static_cast<std::uint32_t>(one.hops); ++hop)
      join(bottleneck, routers_.Get(hop), routers_.Get(hop + 1));
    for (std::size_t i = 0; i < one.transfers.size(); ++i) add(i);
    ns3::Ipv4GlobalRoutingHelper::PopulateRoutingTables();
  }
  void run() { ns3::Simulator::Run(); }

 private:
  ns3::Ipv4InterfaceContainer join(ns3::PointToPointHelper& link, ns3::Ptr<ns3::Node> a, ns3::Ptr<ns3::Node> b) {
    const ns3::NetDeviceContainer devices = link.Install(a, b);
    const ns3::Ipv4InterfaceContainer interfaces = addresses_.Assign(devices);
    ns3::TrafficControlHelper{}.Uninstall(devices);
    addresses_.NewNetwork();
    return interfaces;
  }
  void add(std::size_t place) {
    const bench::ChainTransfer& transfer = case_.transfers[place];
    ns3::NodeContainer hosts;
    hosts.Create(2);
    stack_.Install(hosts);
    ns3::PointToPointHelper line;
    line.SetDeviceAttribute("DataRate", ns3::StringValue("10Gbps"));
    line.SetChannelAttribute("Delay", ns3::StringValue("1us"));
    line.SetQueue("ns3::DropTailQueue", "MaxSize", ns3::StringValue("10000p"));
    join(line, hosts.Get(0), routers_.Get(static_cast<std::uint32_t>(transfer.from)));
    const auto end = join(line, hosts.Get(1), routers_.Get(static_cast<std::uint32_t>(transfer.to)));
    const ns3::InetSocketAddress address{end.GetAddress(0), 5000};
    const auto sink = ns3::PacketSinkHelper{"ns3::TcpSocketFactory", address}.Install(hosts.Get(1)).Get(0);
    sink->TraceConnectWithoutContext("Rx", ns3::MakeBoundCallback(&Chain::received, this, place));
    ns3::BulkSendHelper source{"ns3::TcpSocketFactory", address};
    source.SetAttribute("MaxBytes", ns3::UintegerValue(static_cast<std::uint64_t>(case_.bytes)));
    source.SetAttribute("SendSize", ns3::UintegerValue(14'600));
    source.Install(hosts.Get(0));
    bytes_.push_back(0);
  }
  static void received(Chain* chain, std::size_t place, ns3::Ptr<const ns3::Packet> packet, const ns3::Address&) {
    std::int64_t& bytes = chain->bytes_[place];
    bytes += packet->GetSize();
    if (bytes < chain->case_.bytes) return;
    std::printf("%s %.6f\n", chain->case_.name(place).c_str(), ns3::Simulator::Now().GetSeconds());
    if (--chain->left_ == 0) ns3::Simulator::Stop();
  }

  const bench::PacketCase& case_;
  std::size_t left_;
  ns3::NodeContainer routers_;
  ns3::InternetStackHelper stack_;
  ns3::Ipv4AddressHelper addresses_;
  std::vector<std::int64_t> bytes_;
};

}  // namespace

int main(int argc, char** argv) {
  const auto window = ns3::UintegerValue(static_cast<std::uint32_t>(bench::stream_window_bytes));
  ns3::Config::SetDefault("ns3::TcpL4Protocol::SocketType", ns3::TypeIdValue(ns3::TcpCubic::GetTypeId()));
  ns3::Config::SetDefault("ns3::TcpSocket::SegmentSize", ns3::UintegerValue(1460));
  ns3::Config::SetDefault("ns3::TcpSocket::InitialCwnd", ns3::UintegerValue(10));
  ns3::Config::SetDefault("ns3::TcpSocket::SndBufSize", window);
  ns3::Config::SetDefault("ns3::TcpSocket::RcvBufSize", window);
  for (const bench::PacketCase& one : bench::packet_cases(argc > 1 ? std::atoll(argv[1]) : 100'000'000)) {
    Chain chain{one};
    chain.run();
    std::fflush(stdout);
    ns3::Simulator::Destroy();
  }
  return 0;
}
