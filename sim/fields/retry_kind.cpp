#include "sim/fields/retry_kind.hpp"

#include "sim/fields/record.hpp"
#include "sim/fields/scalar_kinds.hpp"

namespace georep {

KindOf<RetrySpec> retry() {
  static const KindOf<RetrySpec> kind = or_word<&RetrySpec::none>(
      KindOf<RetrySpec>(
          RecordOf<RetrySpec>("retry", "When something that failed is tried again.")
              .field<&RetrySpec::first>("first", duration(), "The wait after the first failure.")
              .field<&RetrySpec::factor>("factor", real(1),
                                         "What each wait is multiplied by for the next one.")
              .field<&RetrySpec::most>("most", duration(), "The longest wait.",
                                       {.also = {"at_most"}})
              .field<&RetrySpec::attempts>("attempts", optional(integer(1), "unlimited"),
                                           "How often it is tried, the first time included.")
              .field<&RetrySpec::waits>("waits", list(duration()),
                                        "The waits one by one, in place of the others.",
                                        {.excludes = {"first", "factor", "most", "attempts"}})),
      "none");
  return kind;
}

}  // namespace georep
