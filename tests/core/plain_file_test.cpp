#include "st0ck/core/plain_file.hpp"

#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sys/stat.h>

namespace st0ck::core {
namespace {

TEST(PlainFile, IsAFileAlsoBehindALink) {
  const test::TemporaryFolder folder;
  std::ofstream{folder / "file"} << "x";
  std::filesystem::create_symlink(folder / "file", folder / "link");

  EXPECT_TRUE(check_plain_file(folder / "file"));
  EXPECT_TRUE(check_plain_file(folder / "link"));
}

TEST(PlainFile, IsNothingElse) {
  const test::TemporaryFolder folder;
  std::filesystem::create_directory(folder / "folder");
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);

  const auto in_place_of = [&](const char* name) {
    const auto checked = check_plain_file(folder / name);
    return checked ? "fine" : checked.error().message.substr(folder.path().string().size() + 1);
  };

  EXPECT_EQ(in_place_of("folder"), "folder: is a folder, allowed is a plain file");
  EXPECT_EQ(in_place_of("pipe"), "pipe: is a pipe, allowed is a plain file");
  EXPECT_EQ(in_place_of("nothing"), "nothing: not there, allowed is a plain file");
  EXPECT_EQ(check_plain_file("/dev/null").error().message,
            "/dev/null: is a device, allowed is a plain file");
  EXPECT_EQ(check_plain_file(folder / "nothing").error().code, Errc::NotFound);
  EXPECT_EQ(check_plain_file(folder / "pipe").error().code, Errc::BadInput);
}

}  // namespace
}  // namespace st0ck::core
