#include "st0ck/net/authorities.hpp"

#include "net/pem_certificates.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace st0ck::net {
namespace {

using st0ck::test::TemporaryFolder;

/// What is wrong with a file of that text; empty where nothing is.
std::string said_of(const std::string& text) {
  const TemporaryFolder folder;
  std::ofstream{folder / "ca.pem"} << text;
  const auto checked = check_authorities(folder / "ca.pem");
  return checked ? "" : checked.error().message;
}

TEST(Authorities, AreOneCertificateOrMore) {
  const auto first = test::make_authority();
  const auto second = test::make_authority("another");

  EXPECT_EQ(said_of(first.certificate), "");
  EXPECT_EQ(said_of("# Ours\n" + first.certificate + second.certificate), "");
}

TEST(Authorities, AreNoOtherText) {
  const auto authority = test::make_authority();
  std::string broken = authority.certificate;
  broken.resize(broken.size() / 2);

  EXPECT_EQ(said_of(""), "it holds no certificate in PEM");
  EXPECT_EQ(said_of("not a certificate\n"), "it holds no certificate in PEM");
  EXPECT_EQ(said_of(authority.key), "it holds no certificate in PEM");
  EXPECT_EQ(said_of(broken), "it holds a broken certificate");
}

TEST(Authorities, AreAFileThatIsThere) {
  const TemporaryFolder folder;

  EXPECT_EQ(check_authorities(folder / "none.pem").error().message, "there is no such file");
  EXPECT_EQ(check_authorities(folder.path()).error().message, "it is no plain file");
}

}  // namespace
}  // namespace st0ck::net
