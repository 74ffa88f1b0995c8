/* Hints to the processor about what several threads share. */
#ifndef FM_STORE_RELAX_H
#define FM_STORE_RELAX_H

#include <stdint.h>

/* This thread waits for another one's store. */
static inline void fm_cpu_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/* The line at this place will be written soon: other caches may give it up. The compiler's own
 * request is one for reading, unless it is told of a newer processor; processors of 64 bits have
 * this instruction or pass over it. */
static inline void fm_prefetch_own(const volatile void *at)
{
#if defined(__x86_64__)
    __asm__ volatile("prefetchw %0" : : "m"(*(const volatile char *)at));
#else
    __builtin_prefetch((const void *)(uintptr_t)at, 1, 3);
#endif
}

#endif
