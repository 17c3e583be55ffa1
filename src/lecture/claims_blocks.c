/* claims_blocks.c: claim 11: the blocks of backward, one by one: shapes, and values against loops. */
#include <math.h>

#include "lecture/engine.h"
#include "lecture/lecture.h"

/* Of one kind of block, over all layers. */
struct block {
	const char *plain, *tex;
	double worst;
	bool shaped; /* as the mathematics says */
};

enum { BLOCK_DZ, BLOCK_DW, BLOCK_DB, BLOCK_DA, BLOCKS };

struct blocks {
	const struct plain *plain;
	struct block block[BLOCKS];
};

/* A matrix of R rows, ld apart, against R × C numbers: ‖a − b‖ / ‖b‖. */
static void compare(struct block *block, int R, int C, const double *a, int ld, const double *b)
{
	double off = 0, all = 0;
	for (int r = 0; r < R; r++)
		for (int c = 0; c < C; c++) {
			off += pow(a[r * ld + c] - b[r * C + c], 2);
			all += pow(b[r * C + c], 2);
		}
	const double error = sqrt(off / all);
	block->worst = isfinite(error) ? fmax(block->worst, error) : INFINITY;
}

/* As backward leaves layer l: dZ in D, dW, db, and dA of the layer before in work. */
static void take(void *self, struct mlp_f64 *mlp, int l)
{
	struct blocks *blocks = self;
	const struct plain *plain = blocks->plain;
	const struct layer_f64 *y = &mlp->layer[l];
	const int m = plain->m, in = plain->n[l - 1], out = plain->n[l];
	const bool shaped = y->in == in && y->out == out;
	for (int i = 0; i < BLOCKS; i++)
		blocks->block[i].shaped &= shaped;
	if (!shaped)
		return;
	compare(&blocks->block[BLOCK_DZ], m, out, y->D, y->lda, plain->dZ[l]);
	compare(&blocks->block[BLOCK_DW], out, in, y->dW, y->ldw, plain->dW[l]);
	compare(&blocks->block[BLOCK_DB], 1, out, y->db, out, plain->db[l]);
	if (l > 1)
		compare(&blocks->block[BLOCK_DA], m, in, mlp->work, y->ldw, plain->dA[l - 1]);
}

static void tell(struct demonstration *of, const struct blocks *blocks)
{
	static const char *const head[] = {"block", "shape", "largest relative error"};
	static const char *const shape[BLOCKS] = {"n[l] x m", "n[l] x n[l-1]", "n[l]", "n[l-1] x m"};
	doc_table(of->doc, "4-6-3-1, 7 examples, layers 3, 2, 1", 3, "llr", head);
	for (int i = 0; i < BLOCKS; i++) {
		const struct block *block = &blocks->block[i];
		doc_cell_formula(of->doc, block->plain, block->tex);
		doc_cell_marked(of->doc, block->shaped ? MARK_GOOD : MARK_BAD, "%s", shape[i]);
		doc_cell(of->doc, "%.1e", block->worst);
		of->number = fmax(of->number, block->worst);
		of->pass &= block->shaped;
	}
}

int claim_blocks(struct demonstration *of, struct err *err)
{
	static const int n[] = {4, 6, 3, 1};
	struct plain net;
	struct engine engine;
	struct blocks blocks = {
		&net,
		{{"dZ[l] = dA[l] ∘ g'(Z[l])", "dZ^{[l]} = dA^{[l]} \\circ g'(Z^{[l]})", 0, true},
		 {"dW[l] = dZ[l] A[l-1]ᵀ / m", "dW^{[l]} = \\tfrac1m\\, dZ^{[l]} A^{[l-1]\\mathsf T}", 0, true},
		 {"db[l] = row mean of dZ[l]", "db^{[l]} = \\tfrac1m \\sum_{k=1}^m dZ^{[l](k)}", 0, true},
		 {"dA[l-1] = W[l]ᵀ dZ[l]", "dA^{[l-1]} = W^{[l]\\mathsf T} dZ^{[l]}", 0, true}},
	};
	of->what = "largest relative error of a block";
	of->expected = "<= 1e-12";
	doc_text(of->doc,
		 "Four blocks make the backward pass of a layer. What the network's products of matrices give is "
		 "compared with one loop a sum, in a network whose layers all differ in width.");
	plain_init(&net, &(struct plain_shape){3, 7, n, "tanh", 1, 2});
	net.slip = of->slip;
	plain_forward(&net);
	plain_backward(&net, 0);
	const int failed = engine_make(&engine, &net, err);
	if (!failed) {
		engine_backward(&engine, (struct gradient_sink_f64){take, &blocks});
		tell(of, &blocks);
		engine_release(&engine);
	}
	plain_release(&net);
	return failed;
}
