/* A hint to the processor that this thread waits for another one's store. */
#ifndef FM_STORE_RELAX_H
#define FM_STORE_RELAX_H

static inline void fm_cpu_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

#endif
