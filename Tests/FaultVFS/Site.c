#include "Site.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

pthread_mutex_t fault_mutex = PTHREAD_MUTEX_INITIALIZER;
static FaultSite *sites;

static void lock(void) { pthread_mutex_lock(&fault_mutex); }
static void unlock(void) { pthread_mutex_unlock(&fault_mutex); }

// MARK: Small parts

// splitmix64
uint64_t site_random(FaultSite *site, uint64_t bound) {
  uint64_t word = site->random += 0x9E3779B97F4A7C15;
  word = (word ^ word >> 30) * 0xBF58476D1CE4E5B9;
  word = (word ^ word >> 27) * 0x94D049BB133111EB;
  return (word ^ word >> 31) % bound;
}

int ends_with(const char *text, const char *suffix) {
  if (suffix == NULL) return 1;
  size_t all = strlen(text), end = strlen(suffix);
  return all >= end && strcmp(text + all - end, suffix) == 0;
}

static int lies_in(const char *path, const char *folder) {
  size_t length = strlen(folder);
  return strncmp(path, folder, length) == 0 && path[length] == '/';
}

static unsigned char *contents(const char *path, size_t *size) {
  *size = 0;
  FILE *file = fopen(path, "rb");
  if (file == NULL) return NULL;
  fseek(file, 0, SEEK_END);
  long length = ftell(file);
  rewind(file);
  unsigned char *bytes = malloc(length > 0 ? (size_t)length : 1);
  *size = fread(bytes, 1, length > 0 ? (size_t)length : 0, file);
  fclose(file);
  return bytes;
}

// MARK: Images

static void image_write(Image *image, int64_t offset, const unsigned char *bytes, size_t size) {
  size_t end = (size_t)offset + size;
  if (end > image->size) {
    image->bytes = realloc(image->bytes, end);
    memset(image->bytes + image->size, 0, end - image->size);
    image->size = end;
  }
  memcpy(image->bytes + offset, bytes, size);
}

static void image_truncate(Image *image, int64_t size) {
  if ((size_t)size < image->size) image->size = (size_t)size;
}

void image_add(Image *image, int64_t offset, const void *bytes, size_t size) {
  Change *change = calloc(1, sizeof *change);
  change->offset = offset;
  change->size = size;
  if (bytes != NULL) {
    change->bytes = malloc(size > 0 ? size : 1);
    memcpy(change->bytes, bytes, size);
  }
  if (image->last == NULL) image->first = change; else image->last->next = change;
  image->last = change;
}

void image_settle(Image *image, int lossy) {
  FaultSite *site = image->site;
  // Disks write whole sectors; which size they have is a matter of luck too.
  size_t sector = site_random(site, 2) ? 512 : 4096;
  Change *next;
  for (Change *change = image->first; change != NULL; change = next) {
    next = change->next;
    if (change->bytes == NULL) {
      if (!lossy || (int)site_random(site, 100) < site->survival) image_truncate(image, change->offset);
    } else {
      for (size_t start = 0, end; start < change->size; start = end) {
        end = start + sector - ((size_t)change->offset + start) % sector;
        if (end > change->size) end = change->size;
        if (!lossy || (int)site_random(site, 100) < site->survival)
          image_write(image, change->offset + (int64_t)start, change->bytes + start, end - start);
      }
    }
    free(change->bytes);
    free(change);
  }
  image->first = image->last = NULL;
}

void site_enter(FaultSite *site) {
  for (Image *image = site->images; image != NULL; image = image->next) image->isEntered = image->isThere;
}

static Image *add_image(FaultSite *site, const char *path) {
  Image *image = calloc(1, sizeof *image);
  image->site = site;
  image->path = strdup(path);
  image->next = site->images;
  site->images = image;
  return image;
}

Image *site_image(FaultSite *site, const char *path) {
  for (Image *image = site->images; image != NULL; image = image->next)
    if (strcmp(image->path, path) == 0) return image;
  Image *image = add_image(site, path);
  image->bytes = contents(path, &image->size);
  image->isThere = image->bytes != NULL;
  // What has content when it is first seen is taken to be on the disk; an empty file was made just now.
  image->isEntered = image->size > 0;
  return image;
}

FaultSite *site_of(const char *path) {
  if (path == NULL) return NULL;
  lock();
  FaultSite *found = NULL;
  for (FaultSite *site = sites; site != NULL && found == NULL; site = site->next)
    if (lies_in(path, site->folder)) found = site;
  unlock();
  return found;
}

// MARK: What tests call

FaultSite *fault_site_new(const char *folder, uint64_t seed, int survival) {
  FaultSite *site = calloc(1, sizeof *site);
  site->folder = strdup(folder);
  site->random = seed;
  site->survival = survival;
  site->garbledPage = -1;
  lock();
  site->next = sites;
  sites = site;
  unlock();
  return site;
}

void fault_site_free(FaultSite *site) {
  lock();
  // Files may still be open, so the site itself stays; its bytes go.
  site->isFreed = 1;
  for (FaultSite **link = &sites; *link != NULL; link = &(*link)->next)
    if (*link == site) {
      *link = site->next;
      break;
    }
  for (Image *image = site->images; image != NULL; image = image->next) {
    image_settle(image, 1);
    free(image->bytes);
    image->bytes = NULL;
    image->size = 0;
  }
  unlock();
}

void fault_site_fail(FaultSite *site, int calls, const char *suffix, int64_t first, int64_t count, int code) {
  lock();
  free(site->plan.suffix);
  site->plan.calls = calls;
  site->plan.suffix = suffix == NULL ? NULL : strdup(suffix);
  site->plan.first = first;
  site->plan.count = count;
  site->plan.code = code;
  site->plan.seen = site->plan.failures = 0;
  unlock();
}

void fault_site_mend(FaultSite *site) {
  lock();
  site->plan.calls = 0;
  site->garbledPage = -1;
  site->isReadOnly = 0;
  unlock();
}

int64_t fault_site_failures(FaultSite *site) {
  lock();
  int64_t failures = site->plan.failures;
  unlock();
  return failures;
}

void fault_site_garble(FaultSite *site, int64_t page, int size, int kind) {
  lock();
  site->garbledPage = page;
  site->pageSize = size;
  site->garbling = kind;
  unlock();
}

void fault_site_read_only(FaultSite *site) {
  lock();
  site->isReadOnly = 1;
  unlock();
}

int64_t fault_site_calls(FaultSite *site, int call, const char *suffix) {
  lock();
  int64_t calls = 0;
  for (Image *image = site->images; image != NULL; image = image->next)
    if (ends_with(image->path, suffix)) calls += image->calls[__builtin_ctz((unsigned)call)];
  unlock();
  return calls;
}

int64_t fault_site_unsynced(FaultSite *site, const char *suffix) {
  lock();
  int64_t count = 0;
  for (Image *image = site->images; image != NULL; image = image->next)
    if (ends_with(image->path, suffix))
      for (Change *change = image->first; change != NULL; change = change->next) count += 1;
  unlock();
  return count;
}

static int store(const char *path, const unsigned char *bytes, size_t size) {
  FILE *file = fopen(path, "wb");
  if (file == NULL) return 0;
  int isWhole = fwrite(bytes, 1, size, file) == size;
  return fclose(file) == 0 && isWhole;
}

FaultSite *fault_site_copy(FaultSite *site, const char *folder, int powerLoss, uint64_t seed, int survival) {
  FaultSite *copy = fault_site_new(folder, seed, survival);
  int isGood = 1;
  lock();
  for (Image *image = site->images; image != NULL; image = image->next) {
    char path[4096];
    snprintf(path, sizeof path, "%s%s", folder, image->path + strlen(site->folder));
    int isDoubtful = image->isThere != image->isEntered;
    int isThere = isDoubtful && powerLoss && (int)site_random(copy, 100) >= survival ? image->isEntered : image->isThere;
    Image *twin = add_image(copy, path);
    image_write(twin, 0, image->bytes, image->size);
    twin->isEntered = image->isEntered;
    for (Change *change = image->first; change != NULL; change = change->next)
      image_add(twin, change->offset, change->bytes, change->size);
    twin->isThere = isThere;
    if (powerLoss) {
      image_settle(twin, 1);
      twin->isEntered = isThere;
      if (isThere) isGood &= store(path, twin->bytes, twin->size);
    } else if (isThere) {
      size_t size;
      unsigned char *bytes = contents(image->path, &size);
      isGood &= store(path, bytes, size);
      free(bytes);
    }
  }
  unlock();
  return isGood ? copy : NULL;
}
