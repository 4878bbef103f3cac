// SQLite's database and statement as objects that close themselves and throw what went wrong.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace georep::sqlite {

/// What SQLite says is wrong, with the file.
class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class Mode : std::uint8_t { read, write };

class Statement;

class Database {
 public:
  Database(const std::string& file, Mode mode);

  void execute(const char* statements);
  Statement prepare(std::string_view statement);
  const std::string& file() const { return file_; }

 private:
  friend class Statement;
  struct Close {
    void operator()(sqlite3* database) const;
  };
  [[noreturn]] void fail() const;

  std::string file_;
  std::unique_ptr<sqlite3, Close> database_;
};

/// A prepared statement. Values are bound and columns read from left to right.
class Statement {
 public:
  Statement& bind(std::int64_t value);
  Statement& bind(double value);
  Statement& bind(const std::string& value);
  Statement& bind_null();

  /// Makes one step; whether it gave a row.
  bool step();
  /// Makes the step of a statement without rows and gets ready for the next values.
  void run();

  std::int64_t integer();
  double real();
  std::string text();
  bool null() const;
  void skip() { ++column_; }

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  Statement(Database& database, std::string_view text);
  void check(int code) const;

  Database& database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int parameter_ = 0;
  int column_ = 0;
};

/// Everything until `commit` or none of it.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace georep::sqlite
