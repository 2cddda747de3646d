/*
 * test_hub_uring_system.c - many sends by one system call, where the system
 * has or allows no such thing.
 *
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* what <sys/syscall.h> and <linux/filter.h> need */

#include "test_hub_uring_fake.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#if defined(__linux__)
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

/* Runs in a process of its own, which ends with what it returns. */
static int result_of(int (*work)(void))
{
    int status = 0;
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        _exit(work());
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000;
}

static void test_uring_has_no_descriptor(void **state)
{
    struct rlimit old;
    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
    const struct rlimit none = {0, old.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    errno = 0;
    assert_null(sse_priv_uring_open());
    assert_int_equal(errno, 0);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
}

static int open_without_memory(void)
{
    const struct rlimit none = {0, 0};
    const int next = open("/dev/null", O_RDONLY);
    free(malloc(4096)); /* so much there is */
    if (next < 0 || close(next) != 0 || setrlimit(RLIMIT_AS, &none) != 0) {
        return 2;
    }
    const int failed = sse_priv_uring_open() == NULL;
    /* It gave back what it had got. */
    return failed && open("/dev/null", O_RDONLY) == next ? 0 : 1;
}

static void test_uring_has_no_memory(void **state)
{
    (void)state;
    assert_int_equal(result_of(open_without_memory), 0);
}

/* The other process may use what it has inherited, one after the other. */
static rig forked;

static int send_forked(void)
{
    return rig_send(&forked) == SENDS && forked.parcels[4].sent == 5 ? 0 : 1;
}

static void test_uring_is_doubled_by_fork(void **state)
{
    (void)state;
    if (!rig_begin(&forked)) {
        skip();
    }
    for (int i = 0; i < 3; i++) {
        assert_int_equal(result_of(send_forked), 0);
        rig_got(&forked, SENDS);
        assert_int_equal(rig_send(&forked), SENDS);
        rig_got(&forked, SENDS);
    }
    rig_end(&forked);
}

#if defined(PR_SET_SECCOMP) && defined(SYS_io_uring_enter)

/* Has the system answer one of its calls like this.  Returns 0 if there are no
 * such filters. */
static int filter_call(long number, unsigned answer)
{
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), /* the call's number */
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, answer),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog program = {4, rules};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static int open_filtered(void)
{
    if (!filter_call(SYS_io_uring_setup, SECCOMP_RET_KILL)) {
        return 77;
    }
    return sse_priv_uring_open() == NULL ? 0 : 1;
}

static int send_filtered(void)
{
    rig r;
    if (!rig_begin(&r) ||
        !filter_call(SYS_io_uring_enter, SECCOMP_RET_ERRNO | EPERM)) {
        return 77;
    }
    return rig_send(&r) == 0 && r.parcels[0].sent == -7 && r.uring == NULL
               ? 0
               : 1;
}

/* Where calls are filtered it is not even asked for, since the answer may be
 * the end; where that happens later, send() it is. */
static void test_uring_is_filtered(void **state)
{
    (void)state;
    const int opened = result_of(open_filtered);
    const int sent = result_of(send_filtered);
    if (opened == 77 || sent == 77) {
        print_message("# no io_uring here, or no filters of system calls\n");
        skip();
    }
    assert_int_equal(opened, 0);
    assert_int_equal(sent, 0);
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_uring_has_no_descriptor),
        cmocka_unit_test(test_uring_has_no_memory),
        cmocka_unit_test(test_uring_is_doubled_by_fork),
#if defined(PR_SET_SECCOMP) && defined(SYS_io_uring_enter)
        cmocka_unit_test(test_uring_is_filtered),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
