/*
 * date.c - the Date field of a response.
 *
 * SPDX-License-Identifier: MIT
 *
 * Written by hand, for strftime() would use the words of the locale.
 */
#include "server.h"

#include <string.h>

static void two_digits(char *dst, int value)
{
    dst[0] = (char)('0' + value / 10 % 10);
    dst[1] = (char)('0' + value % 10);
}

void sse_priv_date_write(int64_t second, char dst[SSE_PRIV_DATE_LEN + 1])
{
    static const char days[] = "ThuFriSatSunMonTueWed";
    static const char months[] = "MarAprMayJunJulAugSepOctNovDecJanFeb";
    const int64_t day = second / 86400;
    const int of_day = (int)(second % 86400);
    /* The civil calendar in eras of 400 years, each year beginning in March,
     * so that the leap day is the last. */
    const int64_t shifted = day + 719468;
    const int64_t era = shifted / 146097;
    const int of_era = (int)(shifted % 146097);
    const int year =
        (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const int of_year = of_era - (365 * year + year / 4 - year / 100);
    const int month = (5 * of_year + 2) / 153;
    const int full_year = (int)(era * 400) + year + (month >= 10 ? 1 : 0);
    memcpy(dst, "Ddd, dd Mmm yyyy hh:mm:ss GMT", SSE_PRIV_DATE_LEN + 1);
    memcpy(dst, days + day % 7 * 3, 3);
    two_digits(dst + 5, of_year - (153 * month + 2) / 5 + 1);
    memcpy(dst + 8, months + month * 3, 3);
    two_digits(dst + 12, full_year / 100);
    two_digits(dst + 14, full_year % 100);
    two_digits(dst + 17, of_day / 3600);
    two_digits(dst + 20, of_day / 60 % 60);
    two_digits(dst + 23, of_day % 60);
}
