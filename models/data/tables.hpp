// The measured tables as they stand in models/data/tables, compiled into the program as texts; embed_tables.py writes
// their definitions. Each is comma-separated, without quotes, and opens with the names of its columns.
#pragma once

#include <string_view>

namespace georep::tables {

extern const std::string_view aws_regions;
extern const std::string_view aws_rtt_ms;
extern const std::string_view azure_regions;
extern const std::string_view azure_rtt_ms;
extern const std::string_view egress_prices;
extern const std::string_view gcp_regions;
extern const std::string_view gcp_rtt_ms;
extern const std::string_view image_layers;
extern const std::string_view images;

}  // namespace georep::tables
