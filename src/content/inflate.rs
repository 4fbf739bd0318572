//! Gzip in one piece: half as fast again as the stream, for objects that may be held.
//!
//! Anything unusual (damage, trailing bytes, too large) is left to the stream, which tells of it.

use std::ffi::c_void;
use std::ptr::NonNull;

use libdeflate_sys as sys;

/// Owns a decompressor of libdeflate.
struct Inflater(NonNull<sys::libdeflate_decompressor>);

enum Failure {
    /// The member is larger than the room.
    NoRoom,
    Broken,
}

impl Inflater {
    fn new() -> Option<Self> {
        // SAFETY: takes nothing; null, for want of memory, is not kept.
        NonNull::new(unsafe { sys::libdeflate_alloc_decompressor() }).map(Inflater)
    }

    /// Expands the member that `input` starts with; answers with the bytes used and written.
    fn member(&mut self, input: &[u8], out: &mut [u8]) -> Result<(usize, usize), Failure> {
        let (mut used, mut written) = (0, 0);
        // SAFETY: the decompressor is alive and borrowed alone; both buffers are valid for their
        // lengths, initialised, and do not overlap, since one is borrowed mutably; both results
        // point to locals that outlive the call.
        let result = unsafe {
            sys::libdeflate_gzip_decompress_ex(
                self.0.as_ptr(),
                input.as_ptr().cast::<c_void>(),
                input.len(),
                out.as_mut_ptr().cast::<c_void>(),
                out.len(),
                &raw mut used,
                &raw mut written,
            )
        };
        match result {
            sys::libdeflate_result_LIBDEFLATE_SUCCESS
                if used > 0 && used <= input.len() && written <= out.len() =>
            {
                Ok((used, written))
            }
            sys::libdeflate_result_LIBDEFLATE_INSUFFICIENT_SPACE => Err(Failure::NoRoom),
            _ => Err(Failure::Broken),
        }
    }
}

impl Drop for Inflater {
    fn drop(&mut self) {
        // SAFETY: came from libdeflate_alloc_decompressor and is freed once.
        unsafe { sys::libdeflate_free_decompressor(self.0.as_ptr()) }
    }
}

/// Expands all members of `archive`, at most `max` bytes; `None` where that does not go smoothly.
/// `more`: asks for room for so many bytes, before they are taken.
pub(crate) fn expand(
    archive: &[u8],
    max: usize,
    more: &mut dyn FnMut(usize) -> bool,
) -> Option<Vec<u8>> {
    let mut inflater = Inflater::new()?;
    // The end of a gzip file states the size of its last member, often the only one.
    let stated = archive.last_chunk().map_or(0, |b| u32::from_le_bytes(*b)) as usize;
    if stated > max || !more(stated) {
        return None;
    }
    let mut out = vec![0; stated];
    let (mut used, mut written) = (0, 0);
    while used < archive.len() {
        match inflater.member(&archive[used..], &mut out[written..]) {
            Ok((read, bytes)) => {
                used += read;
                written += bytes;
            }
            Err(Failure::NoRoom) if out.len() < max => {
                let larger = max.min(out.len().max(64 << 10) * 2);
                if !more(larger - out.len()) {
                    return None;
                }
                out.resize(larger, 0);
            }
            Err(_) => return None,
        }
    }
    out.truncate(written);
    Some(out)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    fn expand(archive: &[u8], max: usize) -> Option<Vec<u8>> {
        super::expand(archive, max, &mut |_| true)
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn expands_what_is_whole_and_refuses_the_rest() {
        let text: Vec<u8> = (0..200_000u32).flat_map(u32::to_le_bytes).collect();
        let one = gzip(&text);
        assert_eq!(expand(&one, 1 << 20).as_deref(), Some(text.as_slice()));
        // Members of which the last states a smaller size than all have.
        let many = [one.as_slice(), &gzip(b""), &one, &gzip(b"end")].concat();
        let all = [text.as_slice(), &text, b"end"].concat();
        assert_eq!(expand(&many, 4 << 20).as_deref(), Some(all.as_slice()));
        assert_eq!(expand(&one, text.len() - 1), None);
        assert_eq!(expand(&many, 900_000), None);
        assert_eq!(expand(&[one.as_slice(), b"junk"].concat(), 1 << 20), None);
        assert_eq!(expand(&[one.as_slice(), &[0; 100]].concat(), 1 << 20), None);
        for len in [0, 1, 5, 17, 18, one.len() / 2, one.len() - 1] {
            let cut = expand(&one[..len], 1 << 20);
            assert!(cut.is_none_or(|all| len == 0 && all.is_empty()), "at {len}");
        }
        let mut wrong = one.clone();
        let crc = wrong.len() - 8;
        wrong[crc] ^= 1;
        assert_eq!(expand(&wrong, 1 << 20), None);
    }

    #[test]
    fn no_more_is_taken_than_there_is_room_for() {
        let text = vec![b'x'; 300_000];
        let many = [gzip(&text), gzip(&text)].concat();
        for room in [0, 299_999, 599_999, 600_000, 1_200_000] {
            let mut left: usize = room;
            let all = super::expand(&many, 4 << 20, &mut |more| {
                let fits = more <= left;
                left -= if fits { more } else { 0 };
                fits
            });
            assert_eq!(
                all.map(|all| all.len()),
                (room >= 600_000).then_some(600_000)
            );
        }
    }
}
