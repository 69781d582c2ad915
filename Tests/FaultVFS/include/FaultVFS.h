// A disk that fails on demand, under SQLite: it stands as SQLite's default VFS, lets through every file that lies in no
// site, and in a site counts calls, makes them fail, and remembers which writes were synchronised.
#ifndef FAULT_VFS_H
#define FAULT_VFS_H

#include <stdint.h>

// A folder whose SQLite files are watched. All functions may be called on any thread.
typedef struct FaultSite FaultSite;

// The calls of a VFS that can fail, as bits.
enum {
  FAULT_OPEN = 1,
  FAULT_READ = 2,
  FAULT_WRITE = 4,
  FAULT_TRUNCATE = 8,
  FAULT_SYNC = 16,
  FAULT_SIZE = 32,
  FAULT_LOCK = 64,
  FAULT_SHM_MAP = 128,
  FAULT_SHM_LOCK = 256,
  FAULT_DELETE = 512,
  FAULT_ACCESS = 1024,
  FAULT_ALL = 2047
};

// Puts the disk under SQLite; once is enough. Returns SQLite's result code.
int fault_install(void);

// Watches a folder, which must be there. `seed` decides what is torn and lost; of writes that were not synchronised,
// `survival` of a hundred reach the disk all the same.
FaultSite *fault_site_new(const char *folder, uint64_t seed, int survival);

// Stops watching. Files of the site that are still open fail from then on.
void fault_site_free(FaultSite *site);

// Lets calls fail: of those in `calls` on files whose name ends with `suffix` (NULL: any), the `first`-th from now on,
// counted from 1, and those that follow, `count` in all. `code` is the result code; 0 stands for the call's own I/O
// error. A write that fails leaves a part of itself behind; after a sync that fails, the system believes the file to be
// clean, as Linux does.
void fault_site_fail(FaultSite *site, int calls, const char *suffix, int64_t first, int64_t count, int code);

// Nothing fails, garbles or refuses any more.
void fault_site_mend(FaultSite *site);

// How many calls have failed since `fault_site_fail`.
int64_t fault_site_failures(FaultSite *site);

// Reads of this page of the main database (from 0, of `size` bytes) give other bytes, chosen by `kind`: 0 zeros, 1
// noise, 2 the bytes inverted, 3 the page before.
void fault_site_garble(FaultSite *site, int64_t page, int size, int kind);

// Files cannot be written, nor opened for it.
void fault_site_read_only(FaultSite *site);

// How many calls of a kind there were on files whose name ends with `suffix`.
int64_t fault_site_calls(FaultSite *site, int call, const char *suffix);

// How many changes of files whose name ends with `suffix` a power loss could take back.
int64_t fault_site_unsynced(FaultSite *site, const char *suffix);

// Copies what a site's files hold into another folder and watches that. After `powerLoss` it is what was synchronised,
// with a part of the rest, in sectors; otherwise what the system holds, as after the end of a process, and the same
// could be lost later. NULL when a file cannot be written.
FaultSite *fault_site_copy(FaultSite *site, const char *folder, int powerLoss, uint64_t seed, int survival);

#endif
