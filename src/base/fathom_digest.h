/* The arithmetic of digests: of values and states (src/value/digest.c, where the idea stands), and
 * of emitted code, which is compiled with this text. So it includes nothing of ours. */
#ifndef FM_BASE_FATHOM_DIGEST_H
#define FM_BASE_FATHOM_DIGEST_H

#include <stdbool.h>
#include <stdint.h>

struct fm_digest {
    uint64_t low, high;
};

/* Seeds of the composite kinds; arbitrary odd numbers. */
#define FM_DIGEST_SET UINT64_C(0xa0761d6478bd642f)
#define FM_DIGEST_FUNCTION UINT64_C(0xe7037ed1a0b428db)
#define FM_DIGEST_BIG UINT64_C(0x8ebc6af09c88c6e3)

/* A bijection of 64-bit words in which every input bit reaches every output bit: two rounds of
 * multiply and shift, as in the finalizers of MurmurHash3 (Appleby 2011) and their successors. */
static inline uint64_t fm_digest_mix(uint64_t x)
{
    x = (x ^ (x >> 32)) * UINT64_C(0xd6e8feb86659fd93);
    x = (x ^ (x >> 32)) * UINT64_C(0xd6e8feb86659fd93);
    return x ^ (x >> 32);
}
/* Both halves of the product, folded. */
static inline uint64_t fm_digest_fold(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}
static inline struct fm_digest fm_digest_of_int(int64_t n)
{
    uint64_t low = fm_digest_mix((uint64_t)n + UINT64_C(0x2545f4914f6cdd1d));
    return (struct fm_digest){low, fm_digest_fold((uint64_t)n ^ UINT64_C(0x9e3779b97f4a7c15),
                                                  low ^ UINT64_C(0xbf58476d1ce4e5b9))};
}
/* One element of a function's graph. */
static inline struct fm_digest fm_digest_pair(struct fm_digest key, struct fm_digest value)
{
    return (struct fm_digest){fm_digest_fold(key.low ^ UINT64_C(0x1d8e4e27c47d124f),
                                             value.low ^ UINT64_C(0xeb44accab455d165)),
                              fm_digest_fold(key.high ^ UINT64_C(0x9fb21c651e98df25),
                                             value.high ^ UINT64_C(0x27bb2ee687b0b0fd))};
}
static inline void fm_digest_add(struct fm_digest *sum, struct fm_digest part)
{
    sum->low += part.low;
    sum->high += part.high;
}
static inline void fm_digest_subtract(struct fm_digest *sum, struct fm_digest part)
{
    sum->low -= part.low;
    sum->high -= part.high;
}
/* What identifies a composite, linear in its parts; and the digest of it. */
static inline struct fm_digest fm_digest_open(uint64_t kind, uint64_t count, struct fm_digest sum)
{
    uint64_t twist = (count + 1) * kind;
    return (struct fm_digest){sum.low + twist, sum.high - twist};
}
static inline struct fm_digest fm_digest_close(struct fm_digest open)
{
    return (struct fm_digest){fm_digest_mix(open.low), fm_digest_mix(open.high)};
}
static inline struct fm_digest fm_digest_finish(uint64_t kind, uint64_t count, struct fm_digest sum)
{
    return fm_digest_close(fm_digest_open(kind, count, sum));
}
/* The part of a state whose variable with this number is composite: linear too. */
static inline struct fm_digest fm_digest_scale(uint32_t variable, struct fm_digest open)
{
    struct fm_digest scale = fm_digest_of_int(variable);
    return (struct fm_digest){(scale.low | 1) * open.low, (scale.high | 1) * open.high};
}
/* The inverse of fm_digest_mix: what was mixed. */
static inline uint64_t fm_digest_unmix(uint64_t x)
{
    x = (x ^ (x >> 32)) * UINT64_C(0xcfee444d8b59a89b);
    x = (x ^ (x >> 32)) * UINT64_C(0xcfee444d8b59a89b);
    return x ^ (x >> 32);
}
/* The same part where only the digest of the variable's value is at hand. */
static inline struct fm_digest fm_digest_part(uint32_t variable, bool is_composite,
                                              struct fm_digest digest)
{
    struct fm_digest open = {fm_digest_unmix(digest.low), fm_digest_unmix(digest.high)};
    return is_composite ? fm_digest_scale(variable, open)
                        : fm_digest_pair(fm_digest_of_int(variable), digest);
}
/* What the sum over the parts of a state begins with. */
static inline struct fm_digest fm_digest_seed(uint64_t seed)
{
    return (struct fm_digest){fm_digest_mix(seed), fm_digest_mix(~seed)};
}
/* The digest of a state from that sum: a bijection that depends on the seed, see digest.c. */
static inline struct fm_digest fm_digest_of_state(struct fm_digest sum, struct fm_digest seed)
{
    uint64_t product = sum.high * (seed.high | 1);
    return (struct fm_digest){sum.low + (product >> 32 | product << 32),
                              sum.high ^ (sum.high >> 32)};
}
static inline struct fm_digest fm_digest_of_bool(bool b)
{
    return b ? (struct fm_digest){UINT64_C(0x4cf5ad432745937f), UINT64_C(0xc4ceb9fe1a85ec53)}
             : (struct fm_digest){UINT64_C(0x52dce729da3ed6f1), UINT64_C(0x87c37b91114253d5)};
}
static inline struct fm_digest fm_digest_element(uint64_t kind, struct fm_digest digest)
{
    return (struct fm_digest){digest.low + kind, digest.high - kind};
}
/* What an element with this digest adds to the part of a variable, whose factor is `scale`. */
static inline struct fm_digest fm_digest_entry(uint64_t kind, struct fm_digest scale,
                                               struct fm_digest digest)
{
    return (struct fm_digest){scale.low * (digest.low + kind), scale.high * (digest.high - kind)};
}

#endif
