#pragma once

#include "net/pem_certificates.hpp"
#include "support/temporary_folder.hpp"

#include <string>

namespace st0ck::net::loopback {

/// A certificate with its key, both as PEM files.
struct CertificateFiles {
  std::string certificate;
  std::string key;
};

/// An authority of the test's own that signs certificates; files go with the object.
class TestAuthority {
 public:
  TestAuthority();
  TestAuthority(const TestAuthority&) = delete;
  TestAuthority& operator=(const TestAuthority&) = delete;

  /// The authority's own certificate.
  const std::string& file() const { return file_; }

  /// For a DNS name, valid from an hour ago for so many hours; not positive is expired or, far
  /// below, long so.
  CertificateFiles sign(const std::string& host, int valid_hours = 24) const;

  /// For an address.
  CertificateFiles sign_address(const std::string& address) const;

  /// Signed with its own key.
  CertificateFiles self_signed(const std::string& host) const;

 private:
  CertificateFiles write(const test::TestCertificate& certificate) const;

  st0ck::test::TemporaryFolder folder_;
  test::TestCertificate own_;
  mutable int written_ = 0;
  std::string file_;
};

}  // namespace st0ck::net::loopback
