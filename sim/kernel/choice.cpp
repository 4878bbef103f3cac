#include "sim/kernel/choice.hpp"

namespace georep {

void Listened::begin() { name_ = kernel_listener->named(false); }

void Listened::be_named() const {
  if (name_.key == 0) name_ = kernel_listener->named(true);
}

void Listened::tell(Access access) const { kernel_listener->accessed(name(), access); }

}  // namespace georep
