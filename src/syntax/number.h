/* Number literals: digits of any base become decimal digits. Private to the syntax layer. */
#ifndef FM_SYNTAX_NUMBER_H
#define FM_SYNTAX_NUMBER_H

#include "base/symbol.h"

#include <stddef.h>
#include <stdint.h>

/* The longest literal of another base than 10, digits: conversion takes quadratic time, 10^4 digits
 * some milliseconds. */
#define FM_NUMBER_DIGITS_MAX 10000u

/* Value of a digit of any base up to 16; 255 when it is none. */
uint32_t fm_number_digit(char c);
/* The decimal spelling, without leading zeros, of digits of a base: 2, 8, 10 or 16. */
const struct fm_symbol *fm_number_decimal(struct fm_symbols *symbols, const char *digits,
                                          size_t length, uint32_t base);

#endif
