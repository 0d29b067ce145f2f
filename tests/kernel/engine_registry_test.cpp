#include "st0ck/kernel/engine_registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace st0ck::kernel {
namespace {

EngineType engine(std::string_view name) {
  EngineType type;
  type.name = core::EngineName{name};
  return type;
}

TEST(EngineRegistry, ListsItsEnginesByName) {
  EngineRegistry registry;
  for (const auto* name : {"swing", "st0cka", "st0ckg"}) registry.add(engine(name));

  EXPECT_THAT(registry.names(), testing::ElementsAre("st0cka", "st0ckg", "swing"));
}

TEST(EngineRegistry, FindsAnEngineByItsWholeName) {
  EngineRegistry registry;
  registry.add(engine("st0cka"));

  ASSERT_NE(registry.find("st0cka"), nullptr);
  EXPECT_EQ(registry.find("st0cka")->name.view(), "st0cka");
  EXPECT_EQ(registry.find("st0ck"), nullptr);
  EXPECT_EQ(registry.find(""), nullptr);
}

TEST(EngineRegistryDeathTest, DoesNotTakeANameTwice) {
  EngineRegistry registry;
  registry.add(engine("st0cka"));

  EXPECT_DEATH(registry.add(engine("st0cka")), "registered once");
}

}  // namespace
}  // namespace st0ck::kernel
