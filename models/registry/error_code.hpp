// What a request can come to: the error codes of the OCI distribution specification (section "Error Codes"), and those of requests that
// never reached a registry.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace georep {

enum class ErrorCode : std::uint8_t {
  blob_unknown,
  manifest_unknown,
  manifest_blob_unknown,
  name_unknown,
  blob_upload_unknown,
  digest_invalid,
  denied,
  unauthorized,
  too_many_requests,
  no_replica,   ///< routing has no answer
  unreachable,  ///< no route leads there
  timeout,      ///< no answer within the host's patience
};

/// As the specification writes it: `MANIFEST_UNKNOWN`.
std::string_view text(ErrorCode code);

/// The code of that text.
std::optional<ErrorCode> error_code(std::string_view text);

}  // namespace georep
