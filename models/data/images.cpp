#include "models/data/images.hpp"

#include <map>
#include <utility>

#include "models/data/rows.hpp"
#include "models/data/tables.hpp"
#include "sim/kernel/assert.hpp"

namespace georep {

namespace {

struct ImageTable {
  std::vector<RealImageVersion> versions;
  std::vector<std::string> names;
  std::map<std::string, std::size_t, std::less<>> position;  // in versions, of each name
};

// A tag with one version goes by its plain name; one with several also by `@1` and so on, the plain name being the newest.
ImageTable read_images() {
  ImageTable table;
  std::map<std::pair<std::string_view, std::string_view>, std::size_t> position;
  std::map<std::string_view, int> version_count;
  std::vector<std::string_view> tags;
  for_each_row(tables::images, "image,version,date,manifest,bytes,source", [&](const auto row) {
    position[{row[0], row[1]}] = table.versions.size();
    ++version_count[row[0]];
    tags.push_back(row[0]);
    table.versions.push_back({std::string{row[0]} + "@" + std::string{row[1]}, row[2], row[3],
                              whole_number(row[4]), row[5], {}});
  });
  for_each_row(tables::image_layers, "image,version,digest,bytes", [&](const auto row) {
    const auto image = position.find({row[0], row[1]});
    GEOREP_ASSERT(image != position.end(), "a layer belongs to an image of the table");
    table.versions[image->second].layers.push_back({row[2], whole_number(row[3])});
  });
  for (std::size_t i = 0; i < table.versions.size(); ++i) {
    RealImageVersion& version = table.versions[i];
    if (version_count[tags[i]] == 1) version.name = tags[i];
    table.position[version.name] = i;
    table.position[std::string{tags[i]}] = i;  // the rows of a tag go from the oldest to the newest
  }
  for (const auto& entry : table.position) table.names.push_back(entry.first);
  return table;
}

const ImageTable& image_table() {
  static const ImageTable table = read_images();
  return table;
}

}  // namespace

const std::vector<RealImageVersion>& real_images() { return image_table().versions; }

const std::vector<std::string>& real_image_names() { return image_table().names; }

const std::vector<RealLayer>* find_real_image(std::string_view name) {
  const auto& position = image_table().position;
  const auto found = position.find(name);
  return found == position.end() ? nullptr : &image_table().versions[found->second].layers;
}

}  // namespace georep
