#include "models/workload/fields.hpp"

#include "sim/fields/retry_kind.hpp"
#include "sim/fields/scalar_kinds.hpp"

namespace georep {
namespace {

KindOf<ArrivalsSpec> arrivals() {
  const KindOf<DiurnalArrivals> day =
      RecordOf<DiurnalArrivals>("diurnal", "A rate that follows the day.")
          .field<&DiurnalArrivals::mean>("mean", rate(), "Averaged over a day.", {.required = true})
          .field<&DiurnalArrivals::peak>("peak", duration(), "The hour of the day of the most.")
          .field<&DiurnalArrivals::swing>("swing", ratio(), "How far it rises above the mean.");
  return OneOf<ArrivalsSpec>("arrivals such as {poisson: 50 /s}")
      .keyed<PoissonArrivals>(
          "poisson", RecordOf<PoissonArrivals>("poisson", "").head<&PoissonArrivals::rate>(
                         "poisson", rate(), "Independent of one another, at this rate."))
      .keyed<PeriodicArrivals>(
          "every", RecordOf<PeriodicArrivals>("every", "").head<&PeriodicArrivals::every>(
                       "every", duration(1_ns), "One each so often, the first at `from`."))
      .keyed<DiurnalArrivals>("diurnal",
                              RecordOf<DiurnalArrivals>("diurnal", "")
                                  .head_part("diurnal", day, "A rate that follows the day."))
      .keyed<EmpiricalArrivals>(
          "empirical", RecordOf<EmpiricalArrivals>("empirical", "").head<&EmpiricalArrivals::file>(
                           "empirical", text("a file"), "Times from a file, one duration a line."));
}

RecordOf<PollSpec> poll_fields() {
  return RecordOf<PollSpec>("poll", "HEAD of a manifest, again and again.")
      .head<&PollSpec::reference>("poll", name("a reference"), "What each machine asks for.")
      .field<&PollSpec::every>("every", duration(1_ns), "From one to the next.",
                               {.required = true})
      .field<&PollSpec::jitter>("jitter", ratio(), "Of each interval, uniform.");
}

RecordOf<PullsSpec> pulls_fields() {
  const RecordOf<CatalogLayersSpec> layers =
      RecordOf<CatalogLayersSpec>("layers", "What an image of the catalog is made of.")
          .field<&CatalogLayersSpec::count>("count", count_law(), "Layers of an image.")
          .field<&CatalogLayersSpec::size>("size", size_law(), "Of a layer.");
  const RecordOf<CatalogSpec> catalog =
      RecordOf<CatalogSpec>("catalog", "Images that are everywhere before the run begins.")
          .field<&CatalogSpec::repositories>("repositories", count(), "How many.")
          .field<&CatalogSpec::tags>("tags", count(), "Of each repository.")
          .field<&CatalogSpec::zipf>("zipf", real(0, 10),
                                     "Exponent of popularity by rank; 0: all alike.")
          .field<&CatalogSpec::layers>("layers", layers, "What an image is made of.");
  const RecordOf<PullsSpec> inner = RecordOf<PullsSpec>("pulls", "").field<&PullsSpec::catalog>(
      "catalog", catalog, "What is pulled.", {.required = true});
  return RecordOf<PullsSpec>("pulls", "Pulls of images drawn from a catalog.")
      .head_part("pulls", inner, "What is pulled.")
      .field<&PullsSpec::arrivals>("arrivals", arrivals(), "When.", {.required = true})
      .field<&PullsSpec::retry>("retry", retry(), "When a pull that failed is tried again.");
}

RecordOf<PushesSpec> pushes_fields() {
  const RecordOf<PushedLayersSpec> layers =
      RecordOf<PushedLayersSpec>("layers", "What a pushed image is made of.")
          .field<&PushedLayersSpec::count>("count", count_law(), "Layers of an image.")
          .field<&PushedLayersSpec::changed>("changed", count_law(),
                                             "Layers that are new with each push.")
          .field<&PushedLayersSpec::size>("size", size_law(), "Of a layer.");
  const RecordOf<PushesSpec> inner =
      RecordOf<PushesSpec>("pushes", "")
          .field<&PushesSpec::repositories>("repositories", count(),
                                            "How many, one drawn for each push.")
          .field<&PushesSpec::layers>("layers", layers, "What a pushed image is made of.");
  return RecordOf<PushesSpec>("pushes", "Pushes of new content.")
      .head_part("pushes", inner, "What is pushed.")
      .field<&PushesSpec::arrivals>("arrivals", arrivals(), "When.", {.required = true})
      .field<&PushesSpec::retry>("retry", retry(), "When a push that failed is tried again.");
}

RecordOf<TraceSpec> trace_fields() {
  return RecordOf<TraceSpec>("trace", "Replay of a recorded registry log.")
      .head<&TraceSpec::file>("trace", text("a file"), "The log, in the scenario's folder.")
      .field<&TraceSpec::format>(
          "format",
          words<TraceFormat>({{"ibm", TraceFormat::ibm, "the traces of FAST 2018"},
                              {"georep", TraceFormat::georep, "what georep import writes"}}),
          "What it is written in.")
      .field<&TraceSpec::speed>("speed", real(1e-6), "2: twice as fast as recorded.");
}

}  // namespace

const RecordOf<WorkloadSpec>& workload_fields() {
  static const RecordOf<WorkloadSpec> fields =
      RecordOf<WorkloadSpec>("workload", "Work that repeats.")
          .choice<&WorkloadSpec::work>("work", poll_fields(), pulls_fields(), pushes_fields(),
                                       trace_fields())
          .field<&WorkloadSpec::on>("on", name("a host"), "The host, or group of hosts, that does it.",
                                    {.required = true})
          .field<&WorkloadSpec::from>("from", duration(), "When it begins.")
          .field<&WorkloadSpec::until>("until", optional(duration()), "When it has ended.",
                                       {.otherwise = "the end of the run"});
  return fields;
}

}  // namespace georep
