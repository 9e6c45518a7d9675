#pragma once

/// How many bytes at the end of each page are the seal's.
#define CSealedPagesReserve 8

/// The name for `sqlite3_open_v2`.
#define CSealedPagesName "sealed"

/// Registers the way of reading files by which SQLite seals its pages; tells whether it can.
///
/// To be called once.
int CSealedPagesRegister(void);
