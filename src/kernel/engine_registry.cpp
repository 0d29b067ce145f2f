#include "st0ck/kernel/engine_registry.hpp"

#include "st0ck/core/assert.hpp"

#include <algorithm>

namespace st0ck::kernel {

void EngineRegistry::add(EngineType type) {
  ST0CK_ASSERT(find(type.name.view()) == nullptr, "an engine's name is registered once");
  const auto place = std::find_if(types_.begin(), types_.end(),
                                  [&](const EngineType& other) { return type.name < other.name; });
  types_.insert(place, std::move(type));
}

const EngineType* EngineRegistry::find(std::string_view name) const {
  const auto found = std::find_if(types_.begin(), types_.end(),
                                  [&](const EngineType& type) { return type.name.view() == name; });
  return found == types_.end() ? nullptr : &*found;
}

std::vector<std::string> EngineRegistry::names() const {
  std::vector<std::string> names;
  for (const EngineType& type : types_) names.push_back(type.name.str());
  return names;
}

}  // namespace st0ck::kernel
