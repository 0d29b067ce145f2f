#include "net/test_certificates.hpp"

#include <chrono>
#include <fstream>

namespace st0ck::net::loopback {

namespace {

test::CertificateTraits traits_of(const std::string& hosts, int valid_hours = 24) {
  return {
      .hosts = hosts, .begins = std::chrono::hours{-48}, .ends = std::chrono::hours{valid_hours}};
}

/// Authorities of one name would pass for each other in a message.
std::string next_name() {
  static int made = 0;
  return "authority " + std::to_string(++made);
}

}  // namespace

TestAuthority::TestAuthority()
    : own_{test::make_authority(next_name())}, file_{write(own_).certificate} {}

CertificateFiles TestAuthority::sign(const std::string& host, int valid_hours) const {
  return write(test::make_signed(own_, traits_of("DNS:" + host, valid_hours)));
}

CertificateFiles TestAuthority::sign_address(const std::string& address) const {
  return write(test::make_signed(own_, traits_of("IP:" + address)));
}

CertificateFiles TestAuthority::self_signed(const std::string& host) const {
  return write(test::make_self_signed(traits_of("DNS:" + host)));
}

CertificateFiles TestAuthority::write(const test::TestCertificate& certificate) const {
  const std::string number = std::to_string(++written_);
  CertificateFiles files{.certificate = folder_ / (number + ".pem"),
                         .key = folder_ / (number + ".key")};
  std::ofstream{files.certificate} << certificate.certificate;
  std::ofstream{files.key} << certificate.key;
  return files;
}

}  // namespace st0ck::net::loopback
