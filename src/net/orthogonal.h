/* orthogonal.h: orthonormal vectors from random ones; private to this room. */
#ifndef FATHOM_ORTHOGONAL_H
#define FATHOM_ORTHOGONAL_H

/* A: m vectors of n ≥ m numbers, one behind the other. They become orthonormal: of Aᵀ = QR with a positive diagonal
 * of R, A becomes Qᵀ. From Gaussian vectors that is uniform over all orthonormal sets (Mezzadri 2007: without the
 * signs it is not). scratch: m numbers. */
void orthonormalise(int m, int n, double *A, double *scratch);

#endif
