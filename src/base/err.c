/* err.c: see err.h */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

static void append(struct err *err, const char *format, va_list args)
{
	static const char cut[] = "…";
	const size_t room = sizeof err->text - err->length;
	const int n = vsnprintf(err->text + err->length, room, format, args);
	if (n < 0)
		return;
	if ((size_t)n < room) {
		err->length += (size_t)n;
		return;
	}
	err->length = sizeof err->text - 1;
	memcpy(err->text + sizeof err->text - sizeof cut, cut, sizeof cut);
}

void err_put(struct err *err, enum err_kind kind, const char *format, ...)
{
	va_list args;
	err->kind = kind;
	err->length = 0;
	va_start(args, format);
	append(err, format, args);
	va_end(args);
}

void err_put_errno(struct err *err, const char *format, ...)
{
	const int cause = errno;
	va_list args;
	err->kind = ERR_SYSTEM;
	err->length = 0;
	va_start(args, format);
	append(err, format, args);
	va_end(args);
	if (err->length < sizeof err->text - 64)
		err->length += (size_t)snprintf(err->text + err->length, 64, ": %s", strerror(cause));
	errno = cause;
}

void err_put_line(struct err *err, const char *format, ...)
{
	va_list args;
	if (err->kind == ERR_NONE)
		err->kind = ERR_INPUT;
	if (err->length > 0 && err->length < sizeof err->text - 1) {
		err->text[err->length++] = '\n';
		err->text[err->length] = '\0';
	}
	va_start(args, format);
	append(err, format, args);
	va_end(args);
}
