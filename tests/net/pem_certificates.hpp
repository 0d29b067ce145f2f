#pragma once

#include <chrono>
#include <string>

namespace st0ck::net::test {

/// A certificate and its key, in PEM.
struct TestCertificate {
  std::string certificate;
  std::string key;
};

struct CertificateTraits {
  std::string hosts = "DNS:localhost,IP:127.0.0.1";      ///< As OpenSSL writes alternative names.
  std::chrono::seconds begins = std::chrono::hours{-1};  ///< From now.
  std::chrono::seconds ends = std::chrono::hours{1};
};

TestCertificate make_authority(const std::string& name = "st0ck test authority");
TestCertificate make_signed(const TestCertificate& authority, const CertificateTraits& traits = {});
TestCertificate make_self_signed(const CertificateTraits& traits = {});

}  // namespace st0ck::net::test
