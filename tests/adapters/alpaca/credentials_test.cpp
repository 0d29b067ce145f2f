#include "st0ck/adapters/alpaca/credentials.hpp"

#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>

namespace st0ck::alpaca::test {
namespace {

Environment environment_of(std::map<std::string, std::string, std::less<>> variables) {
  return [variables = std::move(variables)](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
}

TEST(Credentials, OfTheDefaultAccountHaveThePlainNames) {
  const auto found =
      read_credentials(core::AccountId{"default"},
                       environment_of({{"APCA_API_KEY_ID", "PK1"}, {"APCA_API_SECRET_KEY", "s1"}}));

  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->key_id, "PK1");
  EXPECT_EQ(found->secret, "s1");
}

TEST(Credentials, OfAnotherAccountHaveItsName) {
  const auto environment = environment_of({{"APCA_API_KEY_ID", "PK1"},
                                           {"APCA_API_SECRET_KEY", "s1"},
                                           {"APCA_ROTH_API_KEY_ID", "PK2"},
                                           {"APCA_ROTH_API_SECRET_KEY", "s2"}});

  const auto found = read_credentials(core::AccountId{"roth"}, environment);

  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->key_id, "PK2");
  EXPECT_EQ(found->secret, "s2");
}

TEST(Credentials, OfTheServiceComeBeforeTheEnvironment) {
  const st0ck::test::TemporaryFolder folder;
  std::ofstream{folder.path() / "apca_api_key_id"} << "PK3\n";
  std::ofstream{folder.path() / "apca_api_secret_key"} << "s3";

  const auto found = read_credentials(
      core::AccountId{"default"}, environment_of({{"CREDENTIALS_DIRECTORY", folder.path().string()},
                                                  {"APCA_API_KEY_ID", "PK1"},
                                                  {"APCA_API_SECRET_KEY", "s1"}}));

  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->key_id, "PK3");
  EXPECT_EQ(found->secret, "s3");
}

TEST(Credentials, ThatAreMissingOrBrokenSayWhatToSet) {
  const core::AccountId account{"default"};
  const auto missing = read_credentials(account, environment_of({{"APCA_API_KEY_ID", "PK1"}}));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, core::Errc::Broker);
  EXPECT_EQ(missing.error().retry, core::Retry::No);
  EXPECT_NE(missing.error().message.find("APCA_API_SECRET_KEY"), std::string::npos);

  for (const std::string& bad :
       {std::string{}, std::string{"a b"}, std::string{"a\r\nX: y"}, std::string(600, 'x')}) {
    const auto found = read_credentials(
        account, environment_of({{"APCA_API_KEY_ID", "PK1"}, {"APCA_API_SECRET_KEY", bad}}));
    ASSERT_FALSE(found);
    if (bad.size() > 3)
      EXPECT_EQ(found.error().message.find(bad), std::string::npos) << "the secret is not shown";
  }
}

}  // namespace
}  // namespace st0ck::alpaca::test
