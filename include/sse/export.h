/*
 * export.h - what the libraries make visible.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_EXPORT_H
#define SSE_EXPORT_H

/** Marks a public function.  The libraries are built with hidden visibility,
 *  so what does not carry this mark cannot be linked against.  SSE_STATIC,
 *  defined by whoever compiles the sources into a program of their own,
 *  removes the mark. */
#if defined(SSE_STATIC)
#define SSE_API
#elif defined(_WIN32) && defined(SSE_BUILDING)
#define SSE_API __declspec(dllexport)
#elif defined(__GNUC__)
#define SSE_API __attribute__((visibility("default")))
#else
#define SSE_API
#endif

#endif /* SSE_EXPORT_H */
