/* Gzip: storing writer, inflating reader.
 *
 *     member   1f 8b 08 FLAGS MTIME(4) XFL OS [EXTRA] [NAME 0] [COMMENT 0] [HCRC(2)]
 *              deflate blocks
 *              CRC32(4) SIZE(4)                        little-endian
 *     stored   byte 0: final bit, then LEN(2) ~LEN(2) and LEN bytes
 *
 * The inflater follows RFC 1951 and decodes Huffman codes canonically, one bit at a time, by the
 * count of codes of each length (as Mark Adler's puff does): slow but small, and these files are
 * small. Input is untrusted: every read is checked against the end, every copy against what was
 * written. */
#include "modules/gzip.h"

#include <stdbool.h>
#include <string.h>

/* Largest stored block: its length has 16 bits. */
#define STORED_MAX 65535u
#define CODE_LENGTH_MAX 15
#define LITERAL_CODES 288
#define DISTANCE_CODES 30
#define END_OF_BLOCK 256

#define FLAG_HEADER_CRC 2u
#define FLAG_EXTRA 4u
#define FLAG_NAME 8u
#define FLAG_COMMENT 16u

/* CRC-32 of IEEE 802.3, bit by bit. */
static uint32_t crc_of(const uint8_t *bytes, size_t size)
{
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < size; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc >> 1) ^ ((crc & 1u) != 0 ? UINT32_C(0xedb88320) : 0);
        }
    }
    return ~crc;
}

static void add_little(struct fm_text *out, uint32_t number, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        fm_text_putc(out, (char)(uint8_t)(number >> (8 * i)));
    }
}

void fm_gzip_store(const void *bytes, size_t size, struct fm_text *out)
{
    static const char header[10] = {0x1f, (char)0x8b, 8, 0, 0, 0, 0, 0, 0, (char)0xff};
    fm_text_add(out, header, sizeof header);
    const char *at = bytes;
    size_t left = size;
    do {
        uint32_t length = left < STORED_MAX ? (uint32_t)left : STORED_MAX;
        fm_text_putc(out, length == left);
        add_little(out, length, 2);
        add_little(out, ~length & 0xffffu, 2);
        fm_text_add(out, at, length);
        at += length;
        left -= length;
    } while (left > 0);
    add_little(out, crc_of(bytes, size), 4);
    add_little(out, (uint32_t)size, 4);
}

/* --- inflate --- */

struct inflate {
    const uint8_t *at, *end;
    uint32_t bits; /* not yet used, lowest first */
    int bit_count;
    struct fm_text *out;
    size_t base; /* length of out before this member */
    size_t size_max;
    const char *error; /* the first one */
};

static void fail(struct inflate *z, const char *error)
{
    if (z->error == NULL) {
        z->error = error;
    }
}

static uint32_t take_bits(struct inflate *z, int count)
{
    while (z->bit_count < count) {
        if (z->at == z->end) {
            fail(z, "the file ends too early");
            return 0;
        }
        z->bits |= (uint32_t)*z->at++ << z->bit_count;
        z->bit_count += 8;
    }
    uint32_t result = z->bits & ((UINT32_C(1) << count) - 1);
    z->bits >>= count;
    z->bit_count -= count;
    return result;
}

static void put_byte(struct inflate *z, char byte)
{
    if (z->out->length - z->base >= z->size_max) {
        fail(z, "the content is too large");
        return;
    }
    fm_text_putc(z->out, byte);
}

/* A canonical code: how many codes have each length, and the symbols in the order of their codes.
 */
struct huffman {
    uint16_t counts[CODE_LENGTH_MAX + 1];
    uint16_t symbols[LITERAL_CODES];
};

static void build_code(struct huffman *code, const uint8_t *lengths, int count)
{
    memset(code->counts, 0, sizeof code->counts);
    for (int i = 0; i < count; i++) {
        code->counts[lengths[i]]++;
    }
    code->counts[0] = 0;
    uint16_t offsets[CODE_LENGTH_MAX + 2] = {0};
    for (int length = 1; length <= CODE_LENGTH_MAX; length++) {
        offsets[length + 1] = (uint16_t)(offsets[length] + code->counts[length]);
    }
    for (int i = 0; i < count; i++) {
        if (lengths[i] != 0) {
            code->symbols[offsets[lengths[i]]++] = (uint16_t)i;
        }
    }
}

static uint32_t take_symbol(struct inflate *z, const struct huffman *code)
{
    uint32_t word = 0;
    uint32_t first = 0;
    uint32_t index = 0;
    for (int length = 1; length <= CODE_LENGTH_MAX; length++) {
        word |= take_bits(z, 1);
        uint32_t count = code->counts[length];
        if (word - first < count) {
            return code->symbols[index + (word - first)];
        }
        index += count;
        first = (first + count) << 1;
        word <<= 1;
    }
    fail(z, "a code is not in its table");
    return END_OF_BLOCK;
}

static void copy_match(struct inflate *z, uint32_t length_code, const struct huffman *distances)
{
    static const uint16_t length_base[] = {3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
                                           15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
                                           67, 83, 99, 115, 131, 163, 195, 227, 258};
    static const uint8_t length_bits[] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                          2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
    static const uint16_t distance_base[] = {
        1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
        193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
    static const uint8_t distance_bits[] = {0, 0, 0, 0, 1, 1, 2, 2,  3,  3,  4,  4,  5,  5,  6,
                                            6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13};
    if (length_code >= sizeof length_bits) {
        fail(z, "a length is out of range");
        return;
    }
    uint32_t length = length_base[length_code] + take_bits(z, length_bits[length_code]);
    uint32_t code = take_symbol(z, distances);
    if (code >= DISTANCE_CODES) {
        fail(z, "a distance is out of range");
        return;
    }
    uint32_t distance = distance_base[code] + take_bits(z, distance_bits[code]);
    if (distance > z->out->length - z->base) {
        fail(z, "a distance reaches before the beginning");
        return;
    }
    for (uint32_t i = 0; i < length && z->error == NULL; i++) {
        put_byte(z, z->out->at[z->out->length - distance]);
    }
}

static void inflate_codes(struct inflate *z, const struct huffman *literals,
                          const struct huffman *distances)
{
    while (z->error == NULL) {
        uint32_t symbol = take_symbol(z, literals);
        if (symbol == END_OF_BLOCK) {
            return;
        }
        if (symbol < END_OF_BLOCK) {
            put_byte(z, (char)(uint8_t)symbol);
        } else {
            copy_match(z, symbol - END_OF_BLOCK - 1, distances);
        }
    }
}

static void inflate_stored(struct inflate *z)
{
    z->bits = 0;
    z->bit_count = 0;
    uint32_t length = take_bits(z, 16);
    uint32_t complement = take_bits(z, 16);
    if (z->error != NULL || (length ^ complement) != 0xffffu || (size_t)(z->end - z->at) < length) {
        fail(z, "a stored block is damaged");
        return;
    }
    for (uint32_t i = 0; i < length && z->error == NULL; i++) {
        put_byte(z, (char)*z->at++);
    }
}

static void inflate_fixed(struct inflate *z)
{
    uint8_t lengths[LITERAL_CODES];
    for (int i = 0; i < LITERAL_CODES; i++) {
        lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
    }
    struct huffman literals;
    struct huffman distances;
    build_code(&literals, lengths, LITERAL_CODES);
    memset(lengths, 5, DISTANCE_CODES);
    build_code(&distances, lengths, DISTANCE_CODES);
    inflate_codes(z, &literals, &distances);
}

/* Reads `total` code lengths, themselves coded with repetitions (RFC 1951 3.2.7). */
static void read_lengths(struct inflate *z, const struct huffman *code, uint8_t *lengths,
                         uint32_t total)
{
    uint32_t count = 0;
    while (count < total && z->error == NULL) {
        uint32_t symbol = take_symbol(z, code);
        uint8_t repeated = 0;
        uint32_t times = 1;
        if (symbol < 16) {
            repeated = (uint8_t)symbol;
        } else if (symbol == 16) {
            repeated = count > 0 ? lengths[count - 1] : 0;
            times = 3 + take_bits(z, 2);
        } else {
            times = symbol == 17 ? 3 + take_bits(z, 3) : 11 + take_bits(z, 7);
        }
        if (symbol > 18 || (symbol == 16 && count == 0) || times > total - count) {
            fail(z, "the lengths of codes are damaged");
            return;
        }
        memset(lengths + count, repeated, times);
        count += times;
    }
}

static void inflate_dynamic(struct inflate *z)
{
    static const uint8_t order[] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                    11, 4,  12, 3, 13, 2, 14, 1, 15};
    uint32_t literal_count = take_bits(z, 5) + 257;
    uint32_t distance_count = take_bits(z, 5) + 1;
    uint32_t length_count = take_bits(z, 4) + 4;
    if (literal_count > 286 || distance_count > DISTANCE_CODES) {
        fail(z, "a block has too many codes");
        return;
    }
    uint8_t lengths[286 + DISTANCE_CODES] = {0};
    for (uint32_t i = 0; i < length_count; i++) {
        lengths[order[i]] = (uint8_t)take_bits(z, 3);
    }
    struct huffman code;
    build_code(&code, lengths, sizeof order);
    read_lengths(z, &code, lengths, literal_count + distance_count);
    struct huffman literals;
    struct huffman distances;
    build_code(&literals, lengths, (int)literal_count);
    build_code(&distances, lengths + literal_count, (int)distance_count);
    inflate_codes(z, &literals, &distances);
}

static void inflate_blocks(struct inflate *z)
{
    bool final = false;
    while (!final && z->error == NULL) {
        final = take_bits(z, 1) != 0;
        uint32_t type = take_bits(z, 2);
        if (type == 0) {
            inflate_stored(z);
        } else if (type == 1) {
            inflate_fixed(z);
        } else if (type == 2) {
            inflate_dynamic(z);
        } else {
            fail(z, "a block has an unknown type");
        }
    }
}

/* --- members --- */

static void skip_text(struct inflate *z)
{
    while (z->at < z->end && *z->at != 0) {
        z->at++;
    }
    z->at += z->at < z->end;
}

static void skip_header(struct inflate *z)
{
    if (z->end - z->at < 10 || z->at[0] != 0x1f || z->at[1] != 0x8b || z->at[2] != 8) {
        fail(z, "it is no gzip file");
        return;
    }
    uint32_t flags = z->at[3];
    z->at += 10;
    if ((flags & FLAG_EXTRA) != 0) {
        size_t extra = z->end - z->at >= 2 ? 2u + z->at[0] + ((size_t)z->at[1] << 8) : 2u;
        z->at = extra <= (size_t)(z->end - z->at) ? z->at + extra : z->end;
    }
    if ((flags & FLAG_NAME) != 0) {
        skip_text(z);
    }
    if ((flags & FLAG_COMMENT) != 0) {
        skip_text(z);
    }
    if ((flags & FLAG_HEADER_CRC) != 0) {
        z->at = z->end - z->at >= 2 ? z->at + 2 : z->end;
    }
}

const char *fm_gzip_read(const uint8_t *bytes, size_t size, size_t size_max, struct fm_text *out)
{
    struct inflate z = {.at = bytes, .end = bytes + size, .out = out, .size_max = size_max};
    do {
        z.base = out->length;
        z.bits = 0;
        z.bit_count = 0;
        skip_header(&z);
        if (z.error == NULL) {
            inflate_blocks(&z);
        }
        z.bits = 0;
        z.bit_count = 0;
        uint32_t crc = take_bits(&z, 16);
        crc |= take_bits(&z, 16) << 16;
        (void)take_bits(&z, 16);
        (void)take_bits(&z, 16);
        const uint8_t *content = (const uint8_t *)fm_text_string(out) + z.base;
        if (z.error == NULL && crc != crc_of(content, out->length - z.base)) {
            fail(&z, "the checksum does not agree");
        }
    } while (z.error == NULL && z.at < z.end);
    return z.error;
}
