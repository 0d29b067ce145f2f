#include "st0ck/net/authorities.hpp"

#include "st0ck/core/plain_file.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

namespace st0ck::net {

namespace {

struct Free {
  void operator()(BIO* file) const { BIO_free(file); }
  void operator()(STACK_OF(X509_INFO) * blocks) const {
    sk_X509_INFO_pop_free(blocks, X509_INFO_free);
  }
};

int count_certificates(const STACK_OF(X509_INFO) & blocks) {
  int count = 0;
  for (int i = 0; i < sk_X509_INFO_num(&blocks); ++i)
    if (sk_X509_INFO_value(&blocks, i)->x509 != nullptr) ++count;
  return count;
}

}  // namespace

core::Status check_authorities(const std::filesystem::path& file) {
  if (const auto checked = core::check_plain_file(file); !checked)
    return core::fail(checked.error().code, "{}",
                      checked.error().code == core::Errc::NotFound ? "there is no such file"
                                                                   : "it is no plain file");
  const std::unique_ptr<BIO, Free> in{BIO_new_file(file.c_str(), "rb")};
  if (!in) {
    ERR_clear_error();
    return core::fail(core::Errc::Io, "it cannot be read");
  }
  const std::unique_ptr<STACK_OF(X509_INFO), Free> blocks{
      PEM_X509_INFO_read_bio(in.get(), nullptr, nullptr, nullptr)};
  ERR_clear_error();
  if (!blocks) return core::fail(core::Errc::BadInput, "it holds a broken certificate");
  if (count_certificates(*blocks) == 0)
    return core::fail(core::Errc::BadInput, "it holds no certificate in PEM");
  return {};
}

}  // namespace st0ck::net
