// Shapes of compound kinds, made the same way in each file that has some.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/fields/kind.hpp"

namespace georep {

inline ShapePtr shared(Shape shape) {
  return std::make_shared<const Shape>(std::move(shape));
}

inline ShapePtr any_of(std::string name, std::vector<ShapePtr> parts) {
  Shape shape;
  shape.form = Shape::Form::any;
  shape.name = std::move(name);
  shape.parts = std::move(parts);
  return shared(std::move(shape));
}

inline ShapePtr words_shape(std::vector<std::string> words, std::string help = {}) {
  Shape shape;
  shape.form = Shape::Form::words;
  shape.words = std::move(words);
  shape.help = std::move(help);
  return shared(std::move(shape));
}

}  // namespace georep
