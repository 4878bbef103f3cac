// The version of the model.
#pragma once

namespace georep {

/// Raised when the outcome of any story changes. Stores and schedules record it, and replaying under another one says so.
inline constexpr int model_version = 1;

}  // namespace georep
