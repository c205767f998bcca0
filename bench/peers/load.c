// A load on an HTTP server: connections that each send one request again and again, the next as soon as an answer is
// complete. One thread with epoll and no allocation for an answer, so that it leaves the processors to the server. Every
// byte of every body is compared.
//
//   load PORT CONNECTIONS MILLISECONDS REQUEST BODY FIRST
//
// REQUEST and BODY are files: the bytes that are sent, and the body of each answer. FIRST is the length of the first event of
// a stream, or 0. Prints JSON; times are in milliseconds. The body of an answer has a Content-Length or is chunked.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define HEAD_SIZE 16384
#define EVENTS 512
// An answer may take so long after the last request was sent.
#define PATIENCE_MS 60000

typedef struct {
  char *bytes;
  size_t length;
} Text;

typedef struct {
  double *values;
  size_t count, size;
} Times;

enum place { HEAD, BODY, CHUNK_SIZE, CHUNK_END, TRAILER };

typedef struct {
  int socket, waits_to_write;
  size_t sent, received; // of the request, of the body
  double started_at;
  enum place place;
  size_t left; // of the body, or of the chunk
  int is_chunked;
  char head[HEAD_SIZE]; // and the lines between chunks
  size_t head_length;
} Connection;

static Text request, body;
static size_t first_length;
static Times latencies, firsts;
static int poll, active;
static double ends_at;
static struct sockaddr_in address;
static char buffer[1 << 18];

static void fail(const char *form, ...) {
  va_list values;
  va_start(values, form);
  vfprintf(stderr, form, values);
  fputc('\n', stderr);
  exit(1);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static Text read_file(const char *path) {
  int file = open(path, O_RDONLY);
  struct stat status;
  if (file < 0 || fstat(file, &status) < 0) fail("%s: %s", path, strerror(errno));
  Text text = {malloc(status.st_size + 1), 0};
  ssize_t got;
  while ((got = read(file, text.bytes + text.length, status.st_size - text.length)) > 0) text.length += got;
  close(file);
  return text;
}

static void add(Times *times, double value) {
  if (times->count == times->size) {
    times->size = times->size * 2 + 1024;
    times->values = realloc(times->values, times->size * sizeof(double));
  }
  times->values[times->count++] = value;
}

static void watch(Connection *connection, int action) {
  struct epoll_event event = {EPOLLIN | (connection->waits_to_write ? EPOLLOUT : 0), {.ptr = connection}};
  if (epoll_ctl(poll, action, connection->socket, &event) < 0) fail("epoll: %s", strerror(errno));
}

// As much of the request as the socket takes.
static void send_more(Connection *connection) {
  while (connection->sent < request.length) {
    ssize_t sent = write(connection->socket, request.bytes + connection->sent, request.length - connection->sent);
    if (sent < 0 && errno != EAGAIN) fail("The connection was lost while a request was sent: %s", strerror(errno));
    if (sent < 0) break;
    connection->sent += sent;
  }
  int waits = connection->sent < request.length;
  if (waits == connection->waits_to_write) return;
  connection->waits_to_write = waits;
  watch(connection, EPOLL_CTL_MOD);
}

static void begin(Connection *connection) {
  connection->started_at = now();
  connection->sent = connection->received = connection->head_length = 0;
  connection->place = HEAD;
  send_more(connection);
}

static void end(Connection *connection) {
  if (connection->received != body.length)
    fail("A body has %zu bytes and not %zu.", connection->received, body.length);
  double time = now();
  add(&latencies, time - connection->started_at);
  if (time < ends_at) return begin(connection);
  active -= 1;
  close(connection->socket);
}

static void read_head(Connection *connection) {
  const char *head = connection->head;
  if (strncmp(head, "HTTP/1.1 200 ", 13) != 0) fail("An answer begins: %.300s", head);
  const char *length = strcasestr(head, "\r\ncontent-length:");
  connection->is_chunked = strcasestr(head, "\r\ntransfer-encoding: chunked") != NULL;
  if (length == NULL && !connection->is_chunked) fail("An answer has no length: %.300s", head);
  connection->place = connection->is_chunked ? CHUNK_SIZE : BODY;
  connection->left = connection->is_chunked ? 0 : strtoull(length + 17, NULL, 10);
}

static void read_chunk_size(Connection *connection) {
  connection->left = strtoull(connection->head, NULL, 16);
  connection->place = connection->left == 0 ? TRAILER : BODY;
}

// A line, or with the head all of its lines. Gives how many bytes were taken.
static size_t take_lines(Connection *connection, const char *bytes, size_t length) {
  const char *end_mark = connection->place == HEAD ? "\r\n\r\n" : "\r\n";
  size_t mark_length = strlen(end_mark);
  for (size_t taken = 0; taken < length;) {
    if (connection->head_length == HEAD_SIZE - 1) fail("A head is too long.");
    connection->head[connection->head_length++] = bytes[taken++];
    size_t at = connection->head_length - mark_length;
    if (connection->head_length < mark_length || memcmp(connection->head + at, end_mark, mark_length) != 0) continue;
    connection->head[connection->head_length] = 0;
    connection->head_length = 0;
    if (connection->place == HEAD) read_head(connection);
    else if (connection->place == CHUNK_SIZE) read_chunk_size(connection);
    else if (connection->place == CHUNK_END) connection->place = CHUNK_SIZE;
    else end(connection);
    return taken;
  }
  return length;
}

static size_t take_body(Connection *connection, const char *bytes, size_t length) {
  size_t taken = length < connection->left ? length : connection->left;
  size_t before = connection->received;
  if (before + taken > body.length || memcmp(bytes, body.bytes + before, taken) != 0)
    fail("A body is wrong after byte %zu: %.*s", before, (int)(taken < 300 ? taken : 300), bytes);
  connection->received += taken;
  connection->left -= taken;
  if (before < first_length && connection->received >= first_length) add(&firsts, now() - connection->started_at);
  return taken;
}

static void take(Connection *connection, const char *bytes, size_t length) {
  for (size_t at = 0; at < length;) {
    if (connection->place == BODY) at += take_body(connection, bytes + at, length - at);
    else at += take_lines(connection, bytes + at, length - at);
    if (connection->place != BODY || connection->left > 0) continue;
    if (connection->is_chunked) connection->place = CHUNK_END;
    else end(connection);
  }
}

static void receive(Connection *connection) {
  ssize_t got = read(connection->socket, buffer, sizeof buffer);
  if (got > 0) take(connection, buffer, got);
  else if (got == 0) fail("The server closed a connection before its answer was complete.");
  else if (errno != EAGAIN) fail("The connection was lost: %s", strerror(errno));
}

static void open_connection(Connection *connection) {
  connection->socket = socket(AF_INET, SOCK_STREAM, 0);
  int yes = 1;
  setsockopt(connection->socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (connect(connection->socket, (struct sockaddr *)&address, sizeof address) < 0)
    fail("The server refuses a connection: %s", strerror(errno));
  fcntl(connection->socket, F_SETFL, O_NONBLOCK);
  watch(connection, EPOLL_CTL_ADD);
  active += 1;
}

static int compare(const void *one, const void *other) {
  double difference = *(const double *)one - *(const double *)other;
  return (difference > 0) - (difference < 0);
}

static void print_times(const char *name, Times *times) {
  if (times->count == 0) return;
  qsort(times->values, times->count, sizeof(double), compare);
  double p50 = times->values[times->count / 2], p99 = times->values[times->count * 99 / 100];
  printf(",\"%s\":{\"p50\":%.3f,\"p99\":%.3f}", name, p50, p99);
}

static void report(double seconds) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  double cpu = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
  printf("{\"answers\":%zu,\"seconds\":%.4f,\"cpu\":%.0f", latencies.count, seconds, cpu);
  print_times("latency", &latencies);
  print_times("first", &firsts);
  puts("}");
}

int main(int count, char **words) {
  if (count != 7) fail("load PORT CONNECTIONS MILLISECONDS REQUEST BODY FIRST");
  int connections = atoi(words[2]);
  address = (struct sockaddr_in){AF_INET, htons(atoi(words[1])), {htonl(INADDR_LOOPBACK)}, {0}};
  request = read_file(words[4]);
  body = read_file(words[5]);
  first_length = strtoull(words[6], NULL, 10);
  poll = epoll_create1(0);
  Connection *all = calloc(connections, sizeof(Connection));
  for (int index = 0; index < connections; index += 1) open_connection(&all[index]);
  double started_at = now();
  ends_at = started_at + atof(words[3]);
  for (int index = 0; index < connections; index += 1) begin(&all[index]);
  struct epoll_event events[EVENTS];
  while (active > 0) {
    int ready = epoll_wait(poll, events, EVENTS, 1000);
    if (now() > ends_at + PATIENCE_MS) fail("%d answers never came.", active);
    for (int index = 0; index < ready; index += 1) {
      Connection *connection = events[index].data.ptr;
      if (events[index].events & EPOLLOUT) send_more(connection);
      if (events[index].events & ~EPOLLOUT) receive(connection);
    }
  }
  report((now() - started_at) / 1000);
}
