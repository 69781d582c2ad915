// The calls of SQLite's VFS (sqlite3_vfs, sqlite3_io_methods), over those of the system's own.
#include "Site.h"

#include <string.h>

typedef struct {
  sqlite3_file base;
  Image *image;
  // SQLite's own VFS synchronises the folder with the first sync of a journal.
  int mustEnter;
} FaultFile;

static sqlite3_vfs *real;
static sqlite3_vfs faulty;

static FaultFile *fault(sqlite3_file *file) { return (FaultFile *)file; }
static sqlite3_file *inner(sqlite3_file *file) { return (sqlite3_file *)(fault(file) + 1); }
static void lock(void) { pthread_mutex_lock(&fault_mutex); }
static void unlock(void) { pthread_mutex_unlock(&fault_mutex); }

static int own_code(int call) {
  switch (call) {
  case FAULT_OPEN: return SQLITE_CANTOPEN;
  case FAULT_READ: return SQLITE_IOERR_READ;
  case FAULT_WRITE: return SQLITE_IOERR_WRITE;
  case FAULT_TRUNCATE: return SQLITE_IOERR_TRUNCATE;
  case FAULT_SYNC: return SQLITE_IOERR_FSYNC;
  case FAULT_SIZE: return SQLITE_IOERR_FSTAT;
  case FAULT_LOCK: return SQLITE_IOERR_LOCK;
  case FAULT_SHM_MAP: return SQLITE_IOERR_SHMMAP;
  case FAULT_SHM_LOCK: return SQLITE_IOERR_SHMLOCK;
  case FAULT_DELETE: return SQLITE_IOERR_DELETE;
  default: return SQLITE_IOERR_ACCESS;
  }
}

// Counts a call and says how it ends: SQLITE_OK, or the code of its failure.
static int strike(Image *image, int call) {
  FaultSite *site = image->site;
  image->calls[__builtin_ctz((unsigned)call)] += 1;
  if (site->isFreed) return own_code(call);
  if (site->isReadOnly && call & (FAULT_WRITE | FAULT_TRUNCATE | FAULT_DELETE)) return own_code(call);
  if (!(site->plan.calls & call) || !ends_with(image->path, site->plan.suffix)) return SQLITE_OK;
  int64_t turn = ++site->plan.seen - site->plan.first;
  if (turn < 0 || turn >= site->plan.count) return SQLITE_OK;
  site->plan.failures += 1;
  return site->plan.code != 0 ? site->plan.code : own_code(call);
}

static int strike_file(sqlite3_file *file, int call) {
  lock();
  int code = strike(fault(file)->image, call);
  unlock();
  return code;
}

// MARK: Files

static int close_file(sqlite3_file *file) { return inner(file)->pMethods->xClose(inner(file)); }

static void garble(sqlite3_file *file, unsigned char *bytes, int size, sqlite3_int64 offset) {
  FaultSite *site = fault(file)->image->site;
  int64_t page = site->garbledPage;
  int length = site->pageSize;
  if (page < 0 || !ends_with(fault(file)->image->path, ".sqlite") || offset / length != page) return;
  switch (site->garbling) {
  case 0: memset(bytes, 0, (size_t)size); break;
  case 1:
    for (int i = 0; i < size; i++) bytes[i] = (unsigned char)site_random(site, 256);
    break;
  case 2:
    for (int i = 0; i < size; i++) bytes[i] ^= 0xFF;
    break;
  default:
    inner(file)->pMethods->xRead(inner(file), bytes, size, (page > 0 ? page - 1 : 1) * length + offset % length);
  }
}

static int read_file(sqlite3_file *file, void *bytes, int size, sqlite3_int64 offset) {
  int code = strike_file(file, FAULT_READ);
  if (code != SQLITE_OK) return code;
  code = inner(file)->pMethods->xRead(inner(file), bytes, size, offset);
  lock();
  garble(file, bytes, size, offset);
  unlock();
  return code;
}

static int write_file(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 offset) {
  lock();
  Image *image = fault(file)->image;
  int code = strike(image, FAULT_WRITE);
  // A write that fails may have got some way.
  if (code != SQLITE_OK) size = image->site->isReadOnly || image->site->isFreed ? 0 : (int)site_random(image->site, (uint64_t)size + 1);
  if (size > 0) image_add(image, offset, bytes, (size_t)size);
  unlock();
  int written = size > 0 ? inner(file)->pMethods->xWrite(inner(file), bytes, size, offset) : SQLITE_OK;
  return code != SQLITE_OK ? code : written;
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size) {
  lock();
  int code = strike(fault(file)->image, FAULT_TRUNCATE);
  if (code == SQLITE_OK) image_add(fault(file)->image, size, NULL, 0);
  unlock();
  return code != SQLITE_OK ? code : inner(file)->pMethods->xTruncate(inner(file), size);
}

// The system's own sync is left out: what counts here is what the image says, and tests are quicker without.
static int sync_file(sqlite3_file *file, int flags) {
  (void)flags;
  lock();
  Image *image = fault(file)->image;
  int code = strike(image, FAULT_SYNC);
  // A process that is gone synchronises nothing: what it wrote stays as it is, for the next one to synchronise.
  int isDead = code != SQLITE_OK && image->site->plan.calls == FAULT_ALL;
  if (!image->site->isFreed && !isDead) image_settle(image, code != SQLITE_OK);
  if (code == SQLITE_OK && fault(file)->mustEnter) {
    site_enter(image->site);
    fault(file)->mustEnter = 0;
  }
  unlock();
  return code;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) {
  int code = strike_file(file, FAULT_SIZE);
  return code != SQLITE_OK ? code : inner(file)->pMethods->xFileSize(inner(file), size);
}

static int lock_file(sqlite3_file *file, int level) {
  int code = strike_file(file, FAULT_LOCK);
  return code != SQLITE_OK ? code : inner(file)->pMethods->xLock(inner(file), level);
}

static int unlock_file(sqlite3_file *file, int level) { return inner(file)->pMethods->xUnlock(inner(file), level); }

static int check_reserved(sqlite3_file *file, int *isHeld) {
  return inner(file)->pMethods->xCheckReservedLock(inner(file), isHeld);
}

static int control(sqlite3_file *file, int request, void *argument) {
  return inner(file)->pMethods->xFileControl(inner(file), request, argument);
}

static int sector_size(sqlite3_file *file) { return inner(file)->pMethods->xSectorSize(inner(file)); }

static int characteristics(sqlite3_file *file) { return inner(file)->pMethods->xDeviceCharacteristics(inner(file)); }

static int shm_map(sqlite3_file *file, int region, int size, int extend, void volatile **memory) {
  int code = strike_file(file, FAULT_SHM_MAP);
  if (code != SQLITE_OK) {
    *memory = NULL;
    return code;
  }
  return inner(file)->pMethods->xShmMap(inner(file), region, size, extend, memory);
}

static int shm_lock(sqlite3_file *file, int offset, int count, int flags) {
  // Letting go does not fail.
  int code = flags & SQLITE_SHM_LOCK ? strike_file(file, FAULT_SHM_LOCK) : SQLITE_OK;
  return code != SQLITE_OK ? code : inner(file)->pMethods->xShmLock(inner(file), offset, count, flags);
}

static void shm_barrier(sqlite3_file *file) { inner(file)->pMethods->xShmBarrier(inner(file)); }

static int shm_unmap(sqlite3_file *file, int mustDelete) {
  return inner(file)->pMethods->xShmUnmap(inner(file), mustDelete);
}

static const sqlite3_io_methods methods = {
  .iVersion = 2,
  .xClose = close_file,
  .xRead = read_file,
  .xWrite = write_file,
  .xTruncate = truncate_file,
  .xSync = sync_file,
  .xFileSize = file_size,
  .xLock = lock_file,
  .xUnlock = unlock_file,
  .xCheckReservedLock = check_reserved,
  .xFileControl = control,
  .xSectorSize = sector_size,
  .xDeviceCharacteristics = characteristics,
  .xShmMap = shm_map,
  .xShmLock = shm_lock,
  .xShmBarrier = shm_barrier,
  .xShmUnmap = shm_unmap,
};

// MARK: The system

static int open_file(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *opened) {
  (void)vfs;
  FaultSite *site = site_of(path);
  if (site == NULL) return real->xOpen(real, path, file, flags, opened);
  file->pMethods = NULL;
  lock();
  Image *image = site_image(site, path);
  int code = strike(image, FAULT_OPEN);
  int isReadOnly = site->isReadOnly;
  unlock();
  if (code != SQLITE_OK) return code;
  int wasThere = 0;
  real->xAccess(real, path, SQLITE_ACCESS_EXISTS, &wasThere);
  if (isReadOnly) flags = (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) | SQLITE_OPEN_READONLY;
  code = real->xOpen(real, path, inner(file), flags, opened);
  if (code != SQLITE_OK) return code;
  lock();
  fault(file)->image = image;
  int isJournal = flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL);
  fault(file)->mustEnter = isJournal && flags & SQLITE_OPEN_CREATE;
  // A file that was deleted and is made again begins empty.
  if (!wasThere && image->size > 0) image_add(image, 0, NULL, 0);
  image->isThere = 1;
  unlock();
  file->pMethods = &methods;
  return SQLITE_OK;
}

static int delete_file(sqlite3_vfs *vfs, const char *path, int mustEnter) {
  (void)vfs;
  FaultSite *site = site_of(path);
  if (site == NULL) return real->xDelete(real, path, mustEnter);
  lock();
  Image *image = site_image(site, path);
  int code = strike(image, FAULT_DELETE);
  unlock();
  if (code != SQLITE_OK) return code;
  code = real->xDelete(real, path, 0);
  lock();
  if (code == SQLITE_OK) {
    image->isThere = 0;
    if (mustEnter) site_enter(site);
  }
  unlock();
  return code;
}

static int access_file(sqlite3_vfs *vfs, const char *path, int flags, int *answer) {
  (void)vfs;
  FaultSite *site = site_of(path);
  if (site != NULL) {
    lock();
    int code = strike(site_image(site, path), FAULT_ACCESS);
    unlock();
    if (code != SQLITE_OK) return code;
  }
  return real->xAccess(real, path, flags, answer);
}

int fault_install(void) {
  lock();
  int code = SQLITE_OK;
  if (real == NULL && (code = sqlite3_initialize()) == SQLITE_OK) {
    real = sqlite3_vfs_find(NULL);
    faulty = *real;
    faulty.zName = "fault";
    faulty.pNext = NULL;
    faulty.szOsFile = (int)sizeof(FaultFile) + real->szOsFile;
    faulty.xOpen = open_file;
    faulty.xDelete = delete_file;
    faulty.xAccess = access_file;
    code = sqlite3_vfs_register(&faulty, 1);
  }
  unlock();
  return code;
}
