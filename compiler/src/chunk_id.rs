//! The short form of a chunk's name that messages show.

/// Bytes that a chunk identifier can take, with the terminating zero of the C
/// interface.
pub const ID_SIZE: usize = 60;

const ELLIPSIS: &[u8] = b"...";
const OPENING: &[u8] = b"[string \"";
const CLOSING: &[u8] = b"\"]";

/// Turns a chunk's name into its identifier: the text after `=`, the file name
/// after `@`, else the first line of the source between `[string "` and `"]`.
/// Returns the bytes (followed by at least one zero) and their number. The name
/// ends at its first zero byte, as everywhere in the C interface.
pub fn chunk_id(source: &[u8]) -> ([u8; ID_SIZE], usize) {
    let source = until_zero(source);
    let mut id = Id { bytes: [0; ID_SIZE], len: 0 };
    let room = ID_SIZE - 1;
    match source.split_first() {
        Some((b'=', name)) => id.append(&name[..name.len().min(room)]),
        Some((b'@', name)) if name.len() <= room => id.append(name),
        Some((b'@', name)) => {
            id.append(ELLIPSIS);
            id.append(&name[name.len() - (room - ELLIPSIS.len())..]);
        }
        _ => {
            let room = room - OPENING.len() - ELLIPSIS.len() - CLOSING.len();
            let line_end = source.iter().position(|&byte| byte == b'\n');
            id.append(OPENING);
            if line_end.is_none() && source.len() < room {
                id.append(source);
            } else {
                let shown = line_end.unwrap_or(source.len()).min(room);
                id.append(&source[..shown]);
                id.append(ELLIPSIS);
            }
            id.append(CLOSING);
        }
    }
    (id.bytes, id.len)
}

/// The bytes of `text` before its first zero byte.
pub(crate) fn until_zero(text: &[u8]) -> &[u8] {
    let end = text.iter().position(|&byte| byte == 0).unwrap_or(text.len());
    &text[..end]
}

struct Id {
    bytes: [u8; ID_SIZE],
    len: usize,
}

impl Id {
    /// Appends `text`; the callers have made sure that it fits.
    fn append(&mut self, text: &[u8]) {
        self.bytes[self.len..self.len + text.len()].copy_from_slice(text);
        self.len += text.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> String {
        let (bytes, len) = chunk_id(name.as_bytes());
        String::from_utf8_lossy(&bytes[..len]).into_owned()
    }

    #[test]
    fn forms() {
        assert_eq!(id("=stdin"), "stdin");
        assert_eq!(id("@dir/file.lua"), "dir/file.lua");
        assert_eq!(id("return 1"), "[string \"return 1\"]");
        assert_eq!(id(""), "[string \"\"]");
        assert_eq!(id("a\nb"), "[string \"a...\"]");
        assert_eq!(id("=a\0b"), "a");
    }

    #[test]
    fn long_names_are_cut_to_the_same_length() {
        let long = "x".repeat(100);
        assert_eq!(id(&format!("={long}")), "x".repeat(59));
        assert_eq!(id(&format!("@{long}")), format!("...{}", "x".repeat(56)));
        assert_eq!(id(&long), format!("[string \"{}...\"]", "x".repeat(45)));
        assert_eq!(id(&"x".repeat(44)), format!("[string \"{}\"]", "x".repeat(44)));
        assert_eq!(id(&"x".repeat(45)), format!("[string \"{}...\"]", "x".repeat(45)));
        assert_eq!(id(&format!("={}", "x".repeat(59))), "x".repeat(59));
        assert_eq!(id(&format!("@{}", "x".repeat(59))), "x".repeat(59));
    }
}
