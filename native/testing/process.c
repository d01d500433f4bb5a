/* A backend in another process. With JANE_STANDIN_BACKEND set, a stand-in starts that command with
 * /bin/sh, asks it whether programs compile and lets it compute them: so a stand-in computes in any
 * program that opens it, which need not know that it is one. $1 in the command is the route.
 *
 * Messages have int32 and int64 in the machine's order; a text is its length and its bytes.
 *   0, folder                                 asks whether the program compiles
 *   1, folder, n, n times (name, is_output, alias, int64 bytes), the inputs' bytes
 *                                             runs it; alias: the port whose memory an output writes, or -1
 *   answers: 0, then the outputs' bytes of a run; or 1 and the reason, as text */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "standin.h"

extern char **environ;

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0 /* macOS; a JVM takes no notice of the signal */
#endif

enum { COMPILE = 0, RUN = 1, FAILED = 98 };

static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
static int wire = -1; /* both ways */
static int gone;

/* A socket instead of two pipes: writing to a process that ended is then no signal. */
static int start(void) {
    int ends[2];
    if (gone || socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) {
        return 0;
    }
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    char sh[] = "/bin/sh", c[] = "-c";
    char route[8];
    snprintf(route, sizeof route, "%s", standin_route);
    char *arguments[] = {sh, c, getenv("JANE_STANDIN_BACKEND"), sh, route, NULL};
    pid_t pid;
    int code = posix_spawn(&pid, sh, &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (code != 0) {
        close(ends[0]);
        return 0;
    }
    wire = ends[0];
    return 1;
}

static int put(const void *bytes, int64_t size) {
    const char *at = bytes;
    while (size > 0) {
        ssize_t n = send(wire, at, (size_t)size, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return 0;
        }
        at += n;
        size -= n;
    }
    return 1;
}

static int get(void *bytes, int64_t size) {
    char *at = bytes;
    while (size > 0) {
        ssize_t n = recv(wire, at, (size_t)size, 0);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return 0;
        }
        at += n;
        size -= n;
    }
    return 1;
}

static int put_number(int32_t number) {
    return put(&number, sizeof number);
}

static int put_text(const char *text) {
    int32_t length = (int32_t)strlen(text);
    return put_number(length) && put(text, length);
}

/* 0 if it answered 0; else its reason has gone to standard error, as the framework's does. */
static int32_t answer(void) {
    int32_t status, length;
    char reason[1024];
    if (!get(&status, sizeof status)) {
        return -1;
    }
    if (status == 0) {
        return 0;
    }
    if (!get(&length, sizeof length) || length < 0 || length >= (int32_t)sizeof reason ||
        !get(reason, length)) {
        return -1;
    }
    fprintf(stderr, "stand-in: %.*s\n", (int)length, reason);
    return status;
}

/* After a message that was not understood at one end, none will be. */
static int32_t lost(void) {
    fprintf(stderr, "stand-in: the process of JANE_STANDIN_BACKEND cannot be started, or ended\n");
    if (wire >= 0) {
        close(wire);
    }
    wire = -1;
    gone = 1;
    return FAILED;
}

static int ready(void) {
    return wire >= 0 || start();
}

static int put_ports(int32_t n, const char *const *names, void *const *data, const int64_t *bytes,
                     const int32_t *is_output) {
    for (int32_t i = 0; i < n; i++) {
        int32_t alias = -1;
        for (int32_t k = 0; k < n && is_output[i]; k++) {
            alias = !is_output[k] && data[k] == data[i] ? k : alias;
        }
        if (!put_text(names[i]) || !put_number(is_output[i]) || !put_number(alias) ||
            !put(&bytes[i], sizeof bytes[i])) {
            return 0;
        }
    }
    for (int32_t i = 0; i < n; i++) {
        if (!is_output[i] && !put(data[i], bytes[i])) {
            return 0;
        }
    }
    return 1;
}

static int32_t run(void *context, const char *dir, const char *function, int32_t n,
                   const char *const *names, void *const *data, const int64_t *bytes,
                   const int32_t *is_output) {
    (void)context;
    (void)function;
    pthread_mutex_lock(&one);
    int32_t status = ready() && put_number(RUN) && put_text(dir) && put_number(n) &&
                             put_ports(n, names, data, bytes, is_output)
                         ? answer()
                         : -1;
    for (int32_t i = 0; i < n && status == 0; i++) {
        if (is_output[i] && !get(data[i], bytes[i])) {
            status = -1;
        }
    }
    status = status < 0 ? lost() : status;
    pthread_mutex_unlock(&one);
    return status;
}

int standin_compiles(const char *dir) {
    if (standin.backend != run) {
        return 1;
    }
    pthread_mutex_lock(&one);
    int32_t status = ready() && put_number(COMPILE) && put_text(dir) ? answer() : -1;
    status = status < 0 ? lost() : status;
    pthread_mutex_unlock(&one);
    return status == 0;
}

__attribute__((constructor)) static void use(void) {
    const char *command = getenv("JANE_STANDIN_BACKEND");
    if (command != NULL && *command != 0) {
        standin.backend = run;
    }
}
