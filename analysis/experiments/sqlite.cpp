#include "analysis/experiments/sqlite.hpp"

#include <sqlite3.h>

namespace georep::sqlite {
namespace {

// Another process may be at the end of a transaction.
constexpr int patience_milliseconds = 2000;

}  // namespace

void Database::Close::operator()(sqlite3* database) const {
  sqlite3_close(database);
}
void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Database::Database(const std::string& file, Mode mode) : file_(file) {
  sqlite3* opened = nullptr;
  const int flags =
      mode == Mode::read ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  int code = sqlite3_open_v2(file.c_str(), &opened, flags, nullptr);
  database_.reset(opened);
  if (code != SQLITE_OK && mode == Mode::read) {
    code = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READONLY, nullptr);
    database_.reset(opened);
  }
  if (code != SQLITE_OK) fail();
  sqlite3_busy_timeout(database_.get(), patience_milliseconds);
}

void Database::fail() const {
  throw Failure(file_ + ": " + (database_ ? sqlite3_errmsg(database_.get()) : "out of memory"));
}

void Database::execute(const char* statements) {
  if (sqlite3_exec(database_.get(), statements, nullptr, nullptr, nullptr) != SQLITE_OK) fail();
}

Statement Database::prepare(std::string_view statement) {
  return {*this, statement};
}

Statement::Statement(Database& database, std::string_view text) : database_(database) {
  sqlite3_stmt* prepared = nullptr;
  check(sqlite3_prepare_v2(database.database_.get(), text.data(), static_cast<int>(text.size()),
                           &prepared, nullptr));
  statement_.reset(prepared);
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) database_.fail();
}

Statement& Statement::bind(std::int64_t value) {
  check(sqlite3_bind_int64(statement_.get(), ++parameter_, value));
  return *this;
}

Statement& Statement::bind(double value) {
  check(sqlite3_bind_double(statement_.get(), ++parameter_, value));
  return *this;
}

Statement& Statement::bind(const std::string& value) {
  check(sqlite3_bind_text(statement_.get(), ++parameter_, value.data(),
                          static_cast<int>(value.size()), SQLITE_TRANSIENT));
  return *this;
}

Statement& Statement::bind_null() {
  check(sqlite3_bind_null(statement_.get(), ++parameter_));
  return *this;
}

bool Statement::step() {
  column_ = 0;
  const int code = sqlite3_step(statement_.get());
  if (code != SQLITE_ROW && code != SQLITE_DONE) database_.fail();
  return code == SQLITE_ROW;
}

void Statement::run() {
  while (step()) {
  }
  check(sqlite3_reset(statement_.get()));
  parameter_ = 0;
}

std::int64_t Statement::integer() {
  return sqlite3_column_int64(statement_.get(), column_++);
}

double Statement::real() {
  return sqlite3_column_double(statement_.get(), column_++);
}

std::string Statement::text() {
  const int column = column_++;
  const unsigned char* characters = sqlite3_column_text(statement_.get(), column);
  const auto length = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return {reinterpret_cast<const char*>(characters), characters == nullptr ? 0 : length};
}

bool Statement::null() const {
  return sqlite3_column_type(statement_.get(), column_) == SQLITE_NULL;
}

Transaction::Transaction(Database& database) : database_(database) {
  database_.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    database_.execute("ROLLBACK");
  } catch (const Failure&) {
    // SQLite has rolled back by itself where it could not go on.
  }
}

void Transaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
}

}  // namespace georep::sqlite
