/* The least that recording can cost: read every socket, write the same bytes to a file each, look at nothing. Usage: floor PORT COUNT FOLDER SECONDS direct|cached.
   Writes 256 KB at a time from page-aligned memory, as the recorder does. Prints the bytes it wrote. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CHUNK (256 * 1024)

struct camera { int socket, file; size_t filled; off_t at; char *chunk; };

int main(int argc, char **argv) {
  if (argc != 6) return 2;
  int port = atoi(argv[1]), count = atoi(argv[2]), seconds = atoi(argv[4]), direct = !strcmp(argv[5], "direct");
  struct camera *cameras = calloc(count, sizeof *cameras);
  int poll = epoll_create1(0);
  long long written = 0;
  for (int i = 0; i < count; i++) {
    char path[4096];
    snprintf(path, sizeof path, "%s/floor-%d", argv[3], i);
    struct camera *c = &cameras[i];
    c->file = open(path, O_WRONLY | O_CREAT | O_TRUNC | (direct ? O_DIRECT : 0), 0600);
    if (c->file < 0 || posix_memalign((void **)&c->chunk, 4096, CHUNK)) { perror(path); return 1; }
    c->socket = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    if (connect(c->socket, (struct sockaddr *)&to, sizeof to)) { perror("connect"); return 1; }
    struct epoll_event e = { .events = EPOLLIN, .data.ptr = c };
    epoll_ctl(poll, EPOLL_CTL_ADD, c->socket, &e);
  }
  puts("joined");
  fflush(stdout);
  time_t end = time(NULL) + seconds;
  int open_sockets = count;
  while (open_sockets > 0 && time(NULL) < end) {
    struct epoll_event events[256];
    int n = epoll_wait(poll, events, 256, 1000);
    for (int i = 0; i < n; i++) {
      struct camera *c = events[i].data.ptr;
      ssize_t got = recv(c->socket, c->chunk + c->filled, CHUNK - c->filled, MSG_DONTWAIT);
      if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
      if (got <= 0) { epoll_ctl(poll, EPOLL_CTL_DEL, c->socket, NULL); close(c->socket); open_sockets--; continue; }
      c->filled += got;
      if (c->filled < CHUNK) continue;
      if (pwrite(c->file, c->chunk, CHUNK, c->at) != CHUNK) { perror("write"); return 1; }
      c->at += CHUNK;
      c->filled = 0;
      written += CHUNK;
      if (c->at >= 32 * 1024 * 1024) c->at = 0; /* a minute or so of 4 Mbit/s, written over again: the disk's room is bounded */
    }
  }
  printf("%lld\n", written);
  return 0;
}
