// How layers and images are written.
#include "models/registry/fields.hpp"
#include "sim/fields/scalar_kinds.hpp"

namespace georep {
namespace {

/// The name of a layer, or the size of one that has none. What reads as a size is one.
class LayerUseKind : public Kind {
 public:
  bool read(const Value& value, void* object, Binding& binding) const override {
    auto& use = *static_cast<LayerUse*>(object);
    if (!value.is_scalar() || value.is_null()) {
      binding.report(Code::wrong_form, value, "expected a layer or a size, found " + value.found());
      return false;
    }
    const auto size = parse_size(value.text());
    if (size) {
      use = *size;
      return true;
    }
    // A number, with a unit that is none or a sign that it cannot have.
    const std::string& text = value.text();
    const bool starts_as_size = text.find_first_of("0123456789.+-") == 0;
    if (parse_real(text) || (starts_as_size && text.find(' ') != std::string::npos)) {
      binding.report(Code::bad_quantity, value, size.error().message, size.error().hint);
      return false;
    }
    return name_.kind->read(value, &use.emplace<std::string>(), binding);
  }
  Value write(const void* object) const override {
    const auto& use = *static_cast<const LayerUse*>(object);
    if (const auto* size = std::get_if<Bytes>(&use)) return Value::plain(text_of(*size));
    return name_.kind->write(&std::get<std::string>(use));
  }
  ShapePtr shape() const override {
    Shape shape;
    shape.form = Shape::Form::any;
    shape.name = "layer or size";
    shape.parts = {georep::size().kind->shape(), name_.kind->shape()};
    return std::make_shared<const Shape>(std::move(shape));
  }

 private:
  KindOf<std::string> name_ = name("a layer");
};

}  // namespace

KindOf<std::vector<LayerSpec>> layers_kind() {
  return named_values<&LayerSpec::name, &LayerSpec::size>(size(), "layer names");
}

KindOf<std::vector<ImageSpec>> images_kind() {
  using Content = decltype(ImageSpec::content);
  const KindOf<LayerUse> layer{std::make_shared<LayerUseKind>()};
  const auto children =
      named_values<&IndexChild::name, &IndexChild::image>(name("an image"), "platforms");
  const KindOf<Content> content =
      OneOf<Content>("a list of layers, {real: …} or {index: …}")
          .form<LayeredImage>(&written_as_list, through<&LayeredImage::layers>(list(layer)))
          .keyed<RealImage>("real", RecordOf<RealImage>("real", "").head<&RealImage::real>(
                                        "real", name("an image of the bundled table"),
                                        "An image of the bundled table; `node:8@2` is its second version."))
          .keyed<ImageIndex>(
              "index",
              RecordOf<ImageIndex>("index", "")
                  .head<&ImageIndex::index>("index", children, "An image for each platform.")
                  .field<&ImageIndex::children>(
                      "children",
                      words<ChildrenOrder>({{"before", ChildrenOrder::before, ""},
                                            {"after", ChildrenOrder::after, ""}}),
                      "Whether they are replicated before the index or after it."));
  return named_values<&ImageSpec::name, &ImageSpec::content>(content, "image names");
}

}  // namespace georep
