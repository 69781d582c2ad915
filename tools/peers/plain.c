/*
 * The physical limit: what SQLite itself takes to insert the log's rows. No hashing, no sealing, no encoding: rows that a
 * ledger has already are loaded into memory first, and then inserted with the schema of migrations/0001_event_log.sql
 * and the pragmas of the log.
 *
 *   plain SCHEMA.sql SOURCE TARGET COUNT BATCH
 *
 * TARGET is made when it is not there. The next COUNT rows that it does not have yet are inserted, BATCH a transaction.
 * Prints one JSON object: the number of events and the seconds that inserting took.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static sqlite3 *target;

static void need(int good, const char *what) {
  if (good) return;
  fprintf(stderr, "plain: %s: %s\n", what, target ? sqlite3_errmsg(target) : "");
  exit(1);
}

static void *room(size_t size) {
  void *bytes = malloc(size ? size : 1);
  need(bytes != NULL, "out of memory");
  return bytes;
}

static void run(const char *sql) { need(sqlite3_exec(target, sql, NULL, NULL, NULL) == SQLITE_OK, sql); }

static sqlite3_stmt *prepare(sqlite3 *database, const char *sql) {
  sqlite3_stmt *statement = NULL;
  if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK) {
    fprintf(stderr, "plain: %s: %s\n", sql, sqlite3_errmsg(database));
    exit(1);
  }
  return statement;
}

static long long number(sqlite3 *database, const char *sql) {
  sqlite3_stmt *statement = prepare(database, sql);
  need(sqlite3_step(statement) == SQLITE_ROW, sql);
  long long value = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  return value;
}

static char *file(const char *path) {
  FILE *stream = fopen(path, "rb");
  need(stream != NULL, path);
  fseek(stream, 0, SEEK_END);
  long size = ftell(stream);
  rewind(stream);
  char *text = room((size_t)size + 1);
  need(fread(text, 1, (size_t)size, stream) == (size_t)size, path);
  text[size] = 0;
  fclose(stream);
  return text;
}

static unsigned char *copy(sqlite3_stmt *row, int column, int *size) {
  *size = sqlite3_column_bytes(row, column);
  unsigned char *bytes = room((size_t)*size);
  memcpy(bytes, sqlite3_column_blob(row, column), (size_t)*size);
  return bytes;
}

/* A name or a tile that is inserted before or after the event at `position`. */
struct extra {
  long long position, first, second;
  unsigned char *bytes;
  int size;
};

struct event {
  long long position, stream, version, type, time;
  unsigned char *id, *leaf, *entry;
  int size;
};

/* Rows of three columns: the position they go with, a number, and bytes; for tiles two numbers. */
static struct extra *extras(sqlite3 *source, const char *sql, long long after, long long last, int *count) {
  sqlite3_stmt *row = prepare(source, sql);
  sqlite3_bind_int64(row, 1, after);
  sqlite3_bind_int64(row, 2, last);
  int limit = 1024;
  struct extra *list = room(sizeof *list * (size_t)limit);
  *count = 0;
  while (sqlite3_step(row) == SQLITE_ROW) {
    if (*count == limit) {
      limit *= 2;
      list = realloc(list, sizeof *list * (size_t)limit);
      need(list != NULL, "out of memory");
    }
    struct extra *it = &list[(*count)++];
    it->position = sqlite3_column_int64(row, 0);
    it->first = sqlite3_column_int64(row, 1);
    it->second = sqlite3_column_int64(row, 2);
    it->bytes = copy(row, 3, &it->size);
  }
  sqlite3_finalize(row);
  return list;
}

static void step(sqlite3_stmt *statement) {
  need(sqlite3_step(statement) == SQLITE_DONE, "insert");
  sqlite3_reset(statement);
}

int main(int count, char **arguments) {
  need(count == 6, "usage: plain SCHEMA.sql SOURCE TARGET COUNT BATCH");
  long long wanted = atoll(arguments[4]), batch = atoll(arguments[5]);
  need(wanted > 0 && batch > 0, "COUNT and BATCH are above 0");

  need(sqlite3_open(arguments[3], &target) == SQLITE_OK, arguments[3]);
  run("PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;"
      "PRAGMA wal_autocheckpoint=10000");
  if (number(target, "SELECT count(*) FROM sqlite_master WHERE name = 'event'") == 0) run(file(arguments[1]));
  need(number(target, "PRAGMA synchronous") == 2, "synchronous is not FULL");

  sqlite3 *source = NULL;
  need(sqlite3_open_v2(arguments[2], &source, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK, arguments[2]);
  long long after = number(target, "SELECT coalesce(max(position), 0) FROM event");
  long long last = after + wanted, streams = number(target, "SELECT coalesce(max(id), 0) FROM stream"),
            types = number(target, "SELECT coalesce(max(id), 0) FROM event_type");

  struct event *events = room(sizeof *events * (size_t)wanted);
  long long loaded = 0;
  sqlite3_stmt *row = prepare(source,
      "SELECT position, stream, version, type, time, id, leaf_hash, entry FROM event WHERE position > ? AND position <= ?"
      " ORDER BY position");
  sqlite3_bind_int64(row, 1, after);
  sqlite3_bind_int64(row, 2, last);
  while (loaded < wanted && sqlite3_step(row) == SQLITE_ROW) {
    struct event *it = &events[loaded++];
    int size;
    it->position = sqlite3_column_int64(row, 0);
    it->stream = sqlite3_column_int64(row, 1);
    it->version = sqlite3_column_int64(row, 2);
    it->type = sqlite3_column_int64(row, 3);
    it->time = sqlite3_column_int64(row, 4);
    it->id = copy(row, 5, &size);
    it->leaf = copy(row, 6, &size);
    it->entry = copy(row, 7, &it->size);
  }
  sqlite3_finalize(row);
  need(loaded == wanted, "SOURCE has too few events");

  /* New numbers are given in order, so a name goes before the first event that has its number. */
  int tileCount = 0, streamCount = 0, typeCount = 0;
  struct extra *tiles = extras(source,
      "SELECT (idx + 1) << level, level, idx, hash FROM merkle_node WHERE (idx + 1) << level > ?"
      " AND (idx + 1) << level <= ? ORDER BY 1, 2", after, last, &tileCount);
  struct extra *newStreams = extras(source, "SELECT id, id, 0, name FROM stream WHERE id > ? AND id <= ? ORDER BY id",
      streams, streams + wanted, &streamCount);
  struct extra *newTypes = extras(source, "SELECT id, id, 0, name FROM event_type WHERE id > ? AND id <= ? ORDER BY id",
      types, types + wanted, &typeCount);
  sqlite3_close(source);

  sqlite3_stmt *insert = prepare(target,
      "INSERT INTO event (position, id, stream, version, type, time, leaf_hash, entry) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  sqlite3_stmt *insertTile = prepare(target, "INSERT INTO merkle_node (level, idx, hash) VALUES (?, ?, ?)");
  sqlite3_stmt *insertStream = prepare(target, "INSERT INTO stream (id, name) VALUES (?, ?)");
  sqlite3_stmt *insertType = prepare(target, "INSERT INTO event_type (id, name) VALUES (?, ?)");
  sqlite3_stmt *begin = prepare(target, "BEGIN IMMEDIATE"), *commit = prepare(target, "COMMIT");

  struct timespec start, end;
  clock_gettime(CLOCK_MONOTONIC, &start);
  int tile = 0, stream = 0, type = 0;
  for (long long next = 0; next < wanted; next++) {
    if (next % batch == 0) step(begin);
    struct event *it = &events[next];
    for (; stream < streamCount && newStreams[stream].first <= it->stream; stream++) {
      sqlite3_bind_int64(insertStream, 1, newStreams[stream].first);
      sqlite3_bind_text(insertStream, 2, (char *)newStreams[stream].bytes, newStreams[stream].size, SQLITE_STATIC);
      step(insertStream);
    }
    for (; type < typeCount && newTypes[type].first <= it->type; type++) {
      sqlite3_bind_int64(insertType, 1, newTypes[type].first);
      sqlite3_bind_text(insertType, 2, (char *)newTypes[type].bytes, newTypes[type].size, SQLITE_STATIC);
      step(insertType);
    }
    sqlite3_bind_int64(insert, 1, it->position);
    sqlite3_bind_blob(insert, 2, it->id, 16, SQLITE_STATIC);
    sqlite3_bind_int64(insert, 3, it->stream);
    sqlite3_bind_int64(insert, 4, it->version);
    sqlite3_bind_int64(insert, 5, it->type);
    sqlite3_bind_int64(insert, 6, it->time);
    sqlite3_bind_blob(insert, 7, it->leaf, 32, SQLITE_STATIC);
    sqlite3_bind_blob(insert, 8, it->entry, it->size, SQLITE_STATIC);
    step(insert);
    for (; tile < tileCount && tiles[tile].position <= it->position; tile++) {
      sqlite3_bind_int64(insertTile, 1, tiles[tile].first);
      sqlite3_bind_int64(insertTile, 2, tiles[tile].second);
      sqlite3_bind_blob(insertTile, 3, tiles[tile].bytes, 32, SQLITE_STATIC);
      step(insertTile);
    }
    if (next % batch == batch - 1 || next == wanted - 1) step(commit);
  }
  clock_gettime(CLOCK_MONOTONIC, &end);
  printf("{\"events\":%lld,\"seconds\":%.6f}\n", wanted,
         (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9);

  sqlite3_stmt *statements[] = {insert, insertTile, insertStream, insertType, begin, commit};
  for (size_t index = 0; index < sizeof statements / sizeof *statements; index++) sqlite3_finalize(statements[index]);
  return sqlite3_close(target) == SQLITE_OK ? 0 : 1;
}
