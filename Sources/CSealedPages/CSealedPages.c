// SQLite keeps no checksums of its pages. Here each page of a database gets one when it is written,
// in bytes that SQLite leaves at its end, and what does not agree with it is not read.
#include "CSealedPages.h"
#include <sqlite3.h>
#include <string.h>
#include <xxhash.h>

enum { page_size = 4096, sealed_size = page_size - CSealedPagesReserve };

/// A database file; the system's own file lies behind it in memory.
typedef struct {
    sqlite3_file base;
    sqlite3_file *system;
} sealed_file;

static sqlite3_vfs sealed;

static sqlite3_vfs *base_vfs(void) { return (sqlite3_vfs *)sealed.pAppData; }
static sqlite3_file *under(sqlite3_file *file) { return ((sealed_file *)file)->system; }

static int is_page(int count, sqlite3_int64 offset) {
    return count == page_size && offset % page_size == 0;
}

/// A page is bound to its place, so that one in the place of another is noticed, too.
static XXH64_hash_t seal(const void *page, sqlite3_int64 offset) {
    return XXH3_64bits_withSeed(page, sealed_size, (XXH64_hash_t)offset);
}

static int is_blank(const unsigned char *page) {
    return page[0] == 0 && memcmp(page, page + 1, page_size - 1) == 0;
}

static int file_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
    int code = under(file)->pMethods->xRead(under(file), bytes, count, offset);
    if (code != SQLITE_OK || !is_page(count, offset)) return code;
    XXH64_hash_t expected = seal(bytes, offset);
    if (memcmp(&expected, (char *)bytes + sealed_size, sizeof expected) == 0) return SQLITE_OK;
    // A page that was never written is a hole in the file.
    return is_blank(bytes) ? SQLITE_OK : SQLITE_IOERR_DATA;
}

static int file_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    if (!is_page(count, offset)) {
        return under(file)->pMethods->xWrite(under(file), bytes, count, offset);
    }
    unsigned char page[page_size];
    memcpy(page, bytes, sealed_size);
    XXH64_hash_t hash = seal(page, offset);
    memcpy(page + sealed_size, &hash, sizeof hash);
    return under(file)->pMethods->xWrite(under(file), page, count, offset);
}

static int file_close(sqlite3_file *file) { return under(file)->pMethods->xClose(under(file)); }
static int file_truncate(sqlite3_file *file, sqlite3_int64 size) {
    return under(file)->pMethods->xTruncate(under(file), size);
}
static int file_sync(sqlite3_file *file, int flags) {
    return under(file)->pMethods->xSync(under(file), flags);
}
static int file_size(sqlite3_file *file, sqlite3_int64 *size) {
    return under(file)->pMethods->xFileSize(under(file), size);
}
static int file_lock(sqlite3_file *file, int level) {
    return under(file)->pMethods->xLock(under(file), level);
}
static int file_unlock(sqlite3_file *file, int level) {
    return under(file)->pMethods->xUnlock(under(file), level);
}
static int file_reserved(sqlite3_file *file, int *answer) {
    return under(file)->pMethods->xCheckReservedLock(under(file), answer);
}
static int file_control(sqlite3_file *file, int what, void *value) {
    return under(file)->pMethods->xFileControl(under(file), what, value);
}
static int file_sector(sqlite3_file *file) {
    return under(file)->pMethods->xSectorSize(under(file));
}
static int file_traits(sqlite3_file *file) {
    return under(file)->pMethods->xDeviceCharacteristics(under(file));
}
static int file_map(sqlite3_file *file, int region, int size, int extend, void volatile **start) {
    return under(file)->pMethods->xShmMap(under(file), region, size, extend, start);
}
static int file_map_lock(sqlite3_file *file, int offset, int count, int flags) {
    return under(file)->pMethods->xShmLock(under(file), offset, count, flags);
}
static void file_barrier(sqlite3_file *file) { under(file)->pMethods->xShmBarrier(under(file)); }
static int file_unmap(sqlite3_file *file, int remove) {
    return under(file)->pMethods->xShmUnmap(under(file), remove);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_traits,
    .xShmMap = file_map,
    .xShmLock = file_map_lock,
    .xShmBarrier = file_barrier,
    .xShmUnmap = file_unmap,
};

static int vfs_open(
    sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *given) {
    // Logs have checksums of their own, and what is temporary is not read after a crash.
    if (!(flags & SQLITE_OPEN_MAIN_DB)) return base_vfs()->xOpen(base_vfs(), path, file, flags, given);
    sealed_file *own = (sealed_file *)file;
    own->system = (sqlite3_file *)(own + 1);
    int code = base_vfs()->xOpen(base_vfs(), path, own->system, flags, given);
    own->base.pMethods = own->system->pMethods ? &methods : 0;
    return code;
}

int CSealedPagesRegister(void) {
    sqlite3_vfs *system = sqlite3_vfs_find(0);
    if (!system) return 0;
    sealed = *system;
    sealed.zName = CSealedPagesName;
    sealed.pNext = 0;
    sealed.pAppData = system;
    sealed.szOsFile = system->szOsFile + (int)sizeof(sealed_file);
    sealed.xOpen = vfs_open;
    return sqlite3_vfs_register(&sealed, 0) == SQLITE_OK;
}
