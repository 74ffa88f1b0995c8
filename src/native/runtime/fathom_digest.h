/* The arithmetic of digests for emitted code: that of src/value/digest.h, where the idea is
 * explained. ORDER(digest kind) and every constant agree; tests/unit/test_native_state.c holds both
 * against each other. */
#ifndef FATHOM_DIGEST_H
#define FATHOM_DIGEST_H

#include <stdbool.h>
#include <stdint.h>

struct fm_ndigest {
    uint64_t low, high;
};

#define FM_NRT_DIGEST_SET UINT64_C(0xa0761d6478bd642f)
#define FM_NRT_DIGEST_FUNCTION UINT64_C(0xe7037ed1a0b428db)

static inline uint64_t fm_nrt_mix(uint64_t x)
{
    x = (x ^ (x >> 32)) * UINT64_C(0xd6e8feb86659fd93);
    x = (x ^ (x >> 32)) * UINT64_C(0xd6e8feb86659fd93);
    return x ^ (x >> 32);
}
static inline uint64_t fm_nrt_fold(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}
static inline struct fm_ndigest fm_nrt_digest_int(int64_t n)
{
    uint64_t low = fm_nrt_mix((uint64_t)n + UINT64_C(0x2545f4914f6cdd1d));
    return (struct fm_ndigest){low, fm_nrt_fold((uint64_t)n ^ UINT64_C(0x9e3779b97f4a7c15),
                                                low ^ UINT64_C(0xbf58476d1ce4e5b9))};
}
static inline struct fm_ndigest fm_nrt_digest_bool(bool b)
{
    return b ? (struct fm_ndigest){UINT64_C(0x4cf5ad432745937f), UINT64_C(0xc4ceb9fe1a85ec53)}
             : (struct fm_ndigest){UINT64_C(0x52dce729da3ed6f1), UINT64_C(0x87c37b91114253d5)};
}
/* One element of a function's graph. */
static inline struct fm_ndigest fm_nrt_digest_pair(struct fm_ndigest key, struct fm_ndigest value)
{
    return (struct fm_ndigest){fm_nrt_fold(key.low ^ UINT64_C(0x1d8e4e27c47d124f),
                                           value.low ^ UINT64_C(0xeb44accab455d165)),
                               fm_nrt_fold(key.high ^ UINT64_C(0x9fb21c651e98df25),
                                           value.high ^ UINT64_C(0x27bb2ee687b0b0fd))};
}
static inline void fm_nrt_digest_add(struct fm_ndigest *sum, struct fm_ndigest part)
{
    sum->low += part.low;
    sum->high += part.high;
}
static inline void fm_nrt_digest_subtract(struct fm_ndigest *sum, struct fm_ndigest part)
{
    sum->low -= part.low;
    sum->high -= part.high;
}
/* A composite inside another, whose elements each add their digest and the kind. */
static inline struct fm_ndigest fm_nrt_digest_close(struct fm_ndigest open)
{
    return (struct fm_ndigest){fm_nrt_mix(open.low), fm_nrt_mix(open.high)};
}
static inline struct fm_ndigest fm_nrt_digest_element(uint64_t kind, struct fm_ndigest digest)
{
    return (struct fm_ndigest){digest.low + kind, digest.high - kind};
}
/* What an element with this digest adds to the part of a variable, whose factor is `scale`. */
static inline struct fm_ndigest fm_nrt_digest_entry(uint64_t kind, struct fm_ndigest scale,
                                                    struct fm_ndigest digest)
{
    return (struct fm_ndigest){scale.low * (digest.low + kind), scale.high * (digest.high - kind)};
}
static inline struct fm_ndigest fm_nrt_digest_seed(uint64_t seed)
{
    return (struct fm_ndigest){fm_nrt_mix(seed), fm_nrt_mix(~seed)};
}
static inline struct fm_ndigest fm_nrt_digest_of_state(struct fm_ndigest sum,
                                                       struct fm_ndigest seed)
{
    const uint64_t product = sum.high * (seed.high | 1);
    return (struct fm_ndigest){sum.low + (product >> 32 | product << 32),
                               sum.high ^ (sum.high >> 32)};
}

#endif
