/* derivation_parts.h: the sections of the document of a derivation, in their order. Private to derivation_*.c. */
#ifndef FATHOM_DERIVATION_PARTS_H
#define FATHOM_DERIVATION_PARTS_H

#include "lecture/derivation.h"

/* derivation_forward.c */
void write_network(const struct derivation *d, struct doc *doc);
void write_forward(const struct derivation *d, struct doc *doc);
/* derivation_loss.c: the loss, and dZ[L], where the way back begins */
void write_loss(const struct derivation *d, struct doc *doc);
void write_output_error(const struct derivation *d, struct doc *doc);
/* derivation_backward.c */
void write_backward(const struct derivation *d, struct doc *doc);
void write_chain(const struct derivation *d, struct doc *doc);
/* derivation_zeros.c */
void write_zeros(const struct derivation *d, struct doc *doc);
/* derivation_end.c */
void write_checks(const struct derivation *d, struct doc *doc);
void write_update(const struct derivation *d, struct doc *doc);

#endif
