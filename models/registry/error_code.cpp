#include "models/registry/error_code.hpp"

#include <array>
#include <cstddef>

namespace georep {

namespace {
constexpr std::array<std::string_view, 12> texts{
    "BLOB_UNKNOWN", "MANIFEST_UNKNOWN", "MANIFEST_BLOB_UNKNOWN", "NAME_UNKNOWN",
    "BLOB_UPLOAD_UNKNOWN", "DIGEST_INVALID", "DENIED", "UNAUTHORIZED",
    "TOOMANYREQUESTS", "NO_REPLICA", "UNREACHABLE", "TIMEOUT"};
}  // namespace

std::string_view text(ErrorCode code) { return texts[static_cast<std::size_t>(code)]; }

std::optional<ErrorCode> error_code(std::string_view text) {
  for (std::size_t i = 0; i < texts.size(); ++i)
    if (texts[i] == text) return static_cast<ErrorCode>(i);
  return std::nullopt;
}

}  // namespace georep
