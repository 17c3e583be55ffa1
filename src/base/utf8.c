/* utf8.c: see utf8.h. The ranges are those of Unicode 15's categories Mn, Me and Cf and of its East Asian widths W and F, as far as
 * they are written in titles and data: scripts that combine letter by letter (Arabic, the Indic ones) are left out. */
#include "base/utf8.h"

struct range {
	uint32_t from, to;
};

static const struct range nothing[] = {
	{0x0300, 0x036f}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200b, 0x200f}, {0x202a, 0x202e},   {0x2060, 0x2064},
	{0x20d0, 0x20f0}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff}, {0xe0100, 0xe01ef},
};

static const struct range wide[] = {
	{0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0xa4cf},   {0xa960, 0xa97c}, {0xac00, 0xd7a3},
	{0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6}, {0x1f300, 0x1f64f},
	{0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
};

#define HOLDS(ranges, point) holds((ranges), sizeof(ranges) / sizeof *(ranges), (point))

static int holds(const struct range *range, size_t n, uint32_t point)
{
	for (size_t i = 0; i < n; i++)
		if (point >= range[i].from && point <= range[i].to)
			return 1;
	return 0;
}

uint32_t utf8_point(const char *text, size_t *bytes)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *c = (const unsigned char *)text;
	const size_t n = c[0] < 0x80 ? 1 : c[0] < 0xc0 ? 0 : c[0] < 0xe0 ? 2 : c[0] < 0xf0 ? 3 : c[0] < 0xf8 ? 4 : 0;
	*bytes = 1;
	if (n <= 1)
		return n == 1 ? c[0] : 0xfffd;
	uint32_t point = c[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) { /* the '\0' at the end is no continuation */
		if ((c[i] & 0xc0) != 0x80)
			return 0xfffd;
		point = point << 6 | (c[i] & 0x3f);
	}
	if (point < least[n] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
		return 0xfffd;
	*bytes = n;
	return point;
}

int utf8_width(const char *text, size_t n)
{
	int width = 0;
	for (size_t at = 0, bytes; at < n; at += bytes) {
		const uint32_t point = utf8_point(text + at, &bytes);
		width += HOLDS(nothing, point) ? 0 : HOLDS(wide, point) ? 2 : 1;
	}
	return width;
}
