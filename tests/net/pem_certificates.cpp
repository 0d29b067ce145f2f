#include "net/pem_certificates.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>

namespace st0ck::net::test {
namespace {

template <auto Free>
struct Cleanup {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};

using Key = std::unique_ptr<EVP_PKEY, Cleanup<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Cleanup<X509_free>>;
using Bio = std::unique_ptr<BIO, Cleanup<BIO_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Cleanup<X509_EXTENSION_free>>;

template <typename T>
T* checked(T* object) {
  if (object == nullptr) throw std::runtime_error("OpenSSL refuses");
  return object;
}

Bio memory_of(const std::string& text) {
  return Bio{checked(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())))};
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

void add_extension(X509* certificate, int kind, const char* value) {
  const Extension extension{checked(X509V3_EXT_conf_nid(nullptr, nullptr, kind, value))};
  X509_add_ext(certificate, extension.get(), -1);
}

Certificate make(EVP_PKEY* key, const char* name, const CertificateTraits& traits) {
  static long serial = 0;
  Certificate made{checked(X509_new())};
  X509_set_version(made.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), traits.begins.count());
  X509_gmtime_adj(X509_getm_notAfter(made.get()), traits.ends.count());
  X509_set_pubkey(made.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  return made;
}

TestCertificate sign(X509* certificate, EVP_PKEY* key, X509_NAME* issuer, EVP_PKEY* issuer_key) {
  X509_set_issuer_name(certificate, issuer);
  if (X509_sign(certificate, issuer_key, EVP_sha256()) == 0) {
    throw std::runtime_error("OpenSSL does not sign");
  }
  const Bio certificate_text{checked(BIO_new(BIO_s_mem()))};
  const Bio key_text{checked(BIO_new(BIO_s_mem()))};
  PEM_write_bio_X509(certificate_text.get(), certificate);
  PEM_write_bio_PrivateKey(key_text.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return {text_of(certificate_text.get()), text_of(key_text.get())};
}

Key make_key() { return Key{checked(EVP_EC_gen("P-256"))}; }

}  // namespace

TestCertificate make_authority(const std::string& name) {
  const Key key = make_key();
  const Certificate made = make(key.get(), name.c_str(), {});
  add_extension(made.get(), NID_basic_constraints, "critical,CA:TRUE");
  return sign(made.get(), key.get(), X509_get_subject_name(made.get()), key.get());
}

TestCertificate make_signed(const TestCertificate& authority, const CertificateTraits& traits) {
  const Certificate issuer{checked(
      PEM_read_bio_X509(memory_of(authority.certificate).get(), nullptr, nullptr, nullptr))};
  const Key issuer_key{
      checked(PEM_read_bio_PrivateKey(memory_of(authority.key).get(), nullptr, nullptr, nullptr))};
  const Key key = make_key();
  const Certificate made = make(key.get(), "st0ck test server", traits);
  add_extension(made.get(), NID_subject_alt_name, traits.hosts.c_str());
  return sign(made.get(), key.get(), X509_get_subject_name(issuer.get()), issuer_key.get());
}

TestCertificate make_self_signed(const CertificateTraits& traits) {
  const Key key = make_key();
  const Certificate made = make(key.get(), "st0ck self-signed", traits);
  add_extension(made.get(), NID_subject_alt_name, traits.hosts.c_str());
  return sign(made.get(), key.get(), X509_get_subject_name(made.get()), key.get());
}

}  // namespace st0ck::net::test
