/*
 * task.c - work for the end of a turn, in lists of its owners.
 *
 * SPDX-License-Identifier: MIT
 */
#include "loop.h"

static void add(sse_priv_tasks *tasks, sse_task *task)
{
    if (task->queued_) {
        return;
    }
    task->queued_ = 1;
    task->next_ = NULL;
    *tasks->end = task;
    tasks->end = &task->next_;
}

static void remove_from(sse_priv_tasks *tasks, sse_task *task)
{
    if (!task->queued_) {
        return;
    }
    sse_task **at = &tasks->first;
    while (*at != task) {
        at = &(*at)->next_;
    }
    *at = task->next_;
    if (tasks->end == &task->next_) {
        tasks->end = at;
    }
    task->queued_ = 0;
}

void sse_priv_tasks_run(sse_priv_tasks *tasks)
{
    size_t count = 0;
    for (const sse_task *task = tasks->first; task != NULL;
         task = task->next_) {
        count++;
    }
    for (; count > 0 && tasks->first != NULL; count--) {
        sse_task *const task = tasks->first;
        remove_from(tasks, task);
        task->fn_(task->user_);
    }
}

void sse_priv_loop_add_task(sse_loop *loop, sse_task *task)
{
    add(&loop->tasks, task);
}

void sse_priv_loop_remove_task(sse_loop *loop, sse_task *task)
{
    remove_from(&loop->tasks, task);
}

sse_status sse_task_start(sse_loop *loop, sse_task *task, sse_task_fn fn,
                          void *user)
{
    if (loop == NULL || task == NULL || fn == NULL) {
        return SSE_ERR_INVALID;
    }
    if (!task->queued_) {
        task->fn_ = fn;
        task->user_ = user;
        add(&loop->late_tasks, task);
    }
    return SSE_OK;
}

void sse_task_stop(sse_loop *loop, sse_task *task)
{
    if (loop != NULL && task != NULL) {
        remove_from(&loop->late_tasks, task);
    }
}

void sse_priv_loop_add_burial(sse_loop *loop, sse_task *task)
{
    add(&loop->burials, task);
}

void sse_priv_loop_remove_burial(sse_loop *loop, sse_task *task)
{
    remove_from(&loop->burials, task);
}
