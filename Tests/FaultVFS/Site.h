// What is known of the files of a site. Every function but `site_of` is to be called with the mutex held.
#ifndef FAULT_SITE_H
#define FAULT_SITE_H

#include "FaultVFS.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stddef.h>

#define CALLS 11

// Bytes written at an offset, or with none, a truncation to it.
typedef struct Change {
  struct Change *next;
  int64_t offset;
  size_t size;
  unsigned char *bytes;
} Change;

// One file: what is on the disk, and what has been done to it since.
typedef struct Image {
  struct Image *next;
  FaultSite *site;
  char *path;
  int isThere;
  // Whether its folder's entry is on the disk.
  int isEntered;
  unsigned char *bytes;
  size_t size;
  Change *first, *last;
  int64_t calls[CALLS];
} Image;

struct FaultSite {
  struct FaultSite *next;
  char *folder;
  uint64_t random;
  int survival;
  int isFreed;
  Image *images;
  struct {
    int calls;
    char *suffix;
    int64_t first, count, seen, failures;
    int code;
  } plan;
  int64_t garbledPage;
  int pageSize, garbling;
  int isReadOnly;
};

extern pthread_mutex_t fault_mutex;

// The site that a path lies in; NULL when there is none.
FaultSite *site_of(const char *path);
Image *site_image(FaultSite *site, const char *path);
uint64_t site_random(FaultSite *site, uint64_t bound);
int ends_with(const char *text, const char *suffix);

void image_add(Image *image, int64_t offset, const void *bytes, size_t size);
// Brings all changes to the disk, or with `lossy` a part of them.
void image_settle(Image *image, int lossy);
// Brings the entries of the folder to the disk.
void site_enter(FaultSite *site);

#endif
