/* harm_hdf5.h: the calls of HDF5 that can fail, for harm.h. What closes does its work and then says that it failed. */
#ifndef FATHOM_HARM_HDF5_H
#define FATHOM_HARM_HDF5_H

#include <hdf5.h>
#include <hdf5_hl.h>

#include "harm.h"

/* HDF5 fails and says why, as it does: here for want of memory. */
static inline bool harm_says(bool strikes)
{
	if (strikes)
		H5Epush2(H5E_DEFAULT, __FILE__, __func__, __LINE__, H5E_ERR_CLS, H5E_RESOURCE, H5E_NOSPACE, "harmed");
	return strikes;
}

#define HDF5(type, name, parameters, arguments)                                                                        \
	WRAP(type, name, parameters, arguments, harm_says(harm_strikes(HARM_HDF5, CALLER)), -1)
#define CLOSE(name)                                                                                                    \
	herr_t __real_##name(hid_t id);                                                                                \
	herr_t __wrap_##name(hid_t id);                                                                                \
	herr_t __wrap_##name(hid_t id)                                                                                 \
	{                                                                                                              \
		const herr_t code = __real_##name(id);                                                                 \
		return harm_strikes(HARM_HDF5, CALLER) ? -1 : code;                                                    \
	}

HDF5(hid_t, H5Acreate2, (hid_t a, const char *b, hid_t c, hid_t d, hid_t e, hid_t f), (a, b, c, d, e, f))
HDF5(htri_t, H5Aexists, (hid_t a, const char *b), (a, b))
HDF5(hid_t, H5Aopen, (hid_t a, const char *b, hid_t c), (a, b, c))
HDF5(herr_t, H5Aread, (hid_t a, hid_t b, void *c), (a, b, c))
HDF5(herr_t, H5Awrite, (hid_t a, hid_t b, const void *c), (a, b, c))
HDF5(hid_t, H5Aget_space, (hid_t a), (a))
HDF5(hid_t, H5Aget_type, (hid_t a), (a))
HDF5(herr_t, H5DSattach_scale, (hid_t a, hid_t b, unsigned c), (a, b, c))
HDF5(herr_t, H5DSset_scale, (hid_t a, const char *b), (a, b))
HDF5(hid_t, H5Dcreate2, (hid_t a, const char *b, hid_t c, hid_t d, hid_t e, hid_t f, hid_t g), (a, b, c, d, e, f, g))
HDF5(hid_t, H5Dget_space, (hid_t a), (a))
HDF5(hid_t, H5Dget_type, (hid_t a), (a))
HDF5(hid_t, H5Dopen2, (hid_t a, const char *b, hid_t c), (a, b, c))
HDF5(herr_t, H5Dread, (hid_t a, hid_t b, hid_t c, hid_t d, hid_t e, void *f), (a, b, c, d, e, f))
HDF5(herr_t, H5Dwrite, (hid_t a, hid_t b, hid_t c, hid_t d, hid_t e, const void *f), (a, b, c, d, e, f))
HDF5(herr_t, H5Dwrite_chunk, (hid_t a, hid_t b, uint32_t c, const hsize_t *d, size_t e, const void *f),
     (a, b, c, d, e, f))
HDF5(hid_t, H5Fcreate, (const char *a, unsigned b, hid_t c, hid_t d), (a, b, c, d))
HDF5(herr_t, H5Fget_filesize, (hid_t a, hsize_t *b), (a, b))
HDF5(herr_t, H5Fflush, (hid_t a, H5F_scope_t b), (a, b))
HDF5(ssize_t, H5Fget_file_image, (hid_t a, void *b, size_t c), (a, b, c))
HDF5(hid_t, H5Fopen, (const char *a, unsigned b, hid_t c), (a, b, c))
HDF5(hid_t, H5Gcreate2, (hid_t a, const char *b, hid_t c, hid_t d, hid_t e), (a, b, c, d, e))
HDF5(hid_t, H5Gopen2, (hid_t a, const char *b, hid_t c), (a, b, c))
HDF5(herr_t, H5Ldelete, (hid_t a, const char *b, hid_t c), (a, b, c))
HDF5(htri_t, H5Lexists, (hid_t a, const char *b, hid_t c), (a, b, c))
HDF5(herr_t, H5Oget_info2, (hid_t a, H5O_info_t *b, unsigned c), (a, b, c))
HDF5(hid_t, H5Oopen, (hid_t a, const char *b, hid_t c), (a, b, c))
HDF5(herr_t, H5PLget_loading_state, (unsigned *a), (a))
HDF5(hid_t, H5Pcreate, (hid_t a), (a))
HDF5(herr_t, H5Pset_attr_creation_order, (hid_t a, unsigned b), (a, b))
HDF5(herr_t, H5Pset_chunk, (hid_t a, int b, const hsize_t *c), (a, b, c))
HDF5(herr_t, H5Pset_deflate, (hid_t a, unsigned b), (a, b))
HDF5(herr_t, H5Pset_fapl_core, (hid_t a, size_t b, hbool_t c), (a, b, c))
HDF5(herr_t, H5Pset_fclose_degree, (hid_t a, H5F_close_degree_t b), (a, b))
HDF5(herr_t, H5Pset_file_image, (hid_t a, void *b, size_t c), (a, b, c))
HDF5(herr_t, H5Pset_file_locking, (hid_t a, hbool_t b, hbool_t c), (a, b, c))
HDF5(herr_t, H5Pset_fill_value, (hid_t a, hid_t b, const void *c), (a, b, c))
HDF5(herr_t, H5Pset_fletcher32, (hid_t a), (a))
HDF5(herr_t, H5Pset_libver_bounds, (hid_t a, H5F_libver_t b, H5F_libver_t c), (a, b, c))
HDF5(herr_t, H5Pset_link_creation_order, (hid_t a, unsigned b), (a, b))
HDF5(herr_t, H5Pset_obj_track_times, (hid_t a, hbool_t b), (a, b))
HDF5(herr_t, H5Pset_shuffle, (hid_t a), (a))
HDF5(hid_t, H5Screate, (H5S_class_t a), (a))
HDF5(hid_t, H5Screate_simple, (int a, const hsize_t *b, const hsize_t *c), (a, b, c))
HDF5(int, H5Sget_simple_extent_dims, (hid_t a, hsize_t *b, hsize_t *c), (a, b, c))
HDF5(int, H5Sget_simple_extent_ndims, (hid_t a), (a))
HDF5(hssize_t, H5Sget_simple_extent_npoints, (hid_t a), (a))
HDF5(herr_t, H5Sselect_hyperslab,
     (hid_t a, H5S_seloper_t b, const hsize_t *c, const hsize_t *d, const hsize_t *e, const hsize_t *f),
     (a, b, c, d, e, f))
HDF5(herr_t, H5Tconvert, (hid_t a, hid_t b, size_t c, void *d, void *e, hid_t f), (a, b, c, d, e, f))
HDF5(hid_t, H5Tcopy, (hid_t a), (a))
HDF5(htri_t, H5Tis_variable_str, (hid_t a), (a))
HDF5(herr_t, H5Tset_cset, (hid_t a, H5T_cset_t b), (a, b))
HDF5(herr_t, H5Tset_size, (hid_t a, size_t b), (a, b))
CLOSE(H5Aclose)
CLOSE(H5Fclose)
CLOSE(H5Oclose)
CLOSE(H5Tclose)

#endif
