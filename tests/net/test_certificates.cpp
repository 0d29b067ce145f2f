#include "net/test_certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <stdexcept>

namespace st0ck::net::loopback {
namespace {

constexpr long kHour = 3600;

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
  void operator()(std::FILE* file) const { std::fclose(file); }
};

using Key = std::unique_ptr<EVP_PKEY, Free>;
using Certificate = std::unique_ptr<X509, Free>;

void check(bool is_right) {
  if (!is_right) throw std::runtime_error("OpenSSL makes no certificate");
}

void add_extension(X509* certificate, int kind, const std::string& value) {
  const std::unique_ptr<X509_EXTENSION, Free> extension{
      X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str())};
  check(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

struct Wanted {
  std::string name;
  std::string alternative_name{};  ///< As OpenSSL's configuration writes it.
  long valid_hours = 24;
  bool is_authority = false;
};

long next_number() {
  static long number = 0;
  return ++number;
}

Certificate certificate_of(EVP_PKEY* key, const Wanted& wanted) {
  Certificate certificate{X509_new()};
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), next_number());
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kHour * 48);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kHour * wanted.valid_hours);
  check(X509_set_pubkey(certificate.get(), key) == 1);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(wanted.name.c_str()), -1, -1,
                             0);
  add_extension(certificate.get(), NID_basic_constraints,
                wanted.is_authority ? "critical,CA:TRUE" : "CA:FALSE");
  if (!wanted.alternative_name.empty()) {
    add_extension(certificate.get(), NID_subject_alt_name, wanted.alternative_name);
  }
  return certificate;
}

}  // namespace

struct TestAuthority::Identity {
  Key key{EVP_EC_gen("P-256")};
  Certificate certificate;

  explicit Identity(const Wanted& wanted) : certificate{certificate_of(key.get(), wanted)} {}

  void sign_by(const Identity& issuer) {
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer.certificate.get()));
    check(X509_sign(certificate.get(), issuer.key.get(), EVP_sha256()) > 0);
  }
};

TestAuthority::TestAuthority()
    : own_{std::make_unique<Identity>(
          Wanted{.name = "authority " + std::to_string(next_number()), .is_authority = true})} {
  own_->sign_by(*own_);
  file_ = write("authority", *own_).certificate;
}

TestAuthority::~TestAuthority() = default;

CertificateFiles TestAuthority::sign(const std::string& host, int valid_hours) const {
  Identity identity{{.name = host, .alternative_name = "DNS:" + host, .valid_hours = valid_hours}};
  identity.sign_by(*own_);
  return write("signed", identity);
}

CertificateFiles TestAuthority::sign_address(const std::string& address) const {
  Identity identity{{.name = address, .alternative_name = "IP:" + address}};
  identity.sign_by(*own_);
  return write("address", identity);
}

CertificateFiles TestAuthority::self_signed(const std::string& host) const {
  Identity identity{{.name = host, .alternative_name = "DNS:" + host}};
  identity.sign_by(identity);
  return write("self", identity);
}

CertificateFiles TestAuthority::write(const std::string& name, const Identity& identity) const {
  const std::string number = std::to_string(++written_);
  CertificateFiles files{.certificate = folder_ / (name + number + ".pem"),
                         .key = folder_ / (name + number + ".key")};
  const std::unique_ptr<std::FILE, Free> certificate{std::fopen(files.certificate.c_str(), "w")};
  const std::unique_ptr<std::FILE, Free> key{std::fopen(files.key.c_str(), "w")};
  check(PEM_write_X509(certificate.get(), identity.certificate.get()) == 1);
  check(PEM_write_PrivateKey(key.get(), identity.key.get(), nullptr, nullptr, 0, nullptr,
                             nullptr) == 1);
  return files;
}

}  // namespace st0ck::net::loopback
