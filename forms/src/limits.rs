//! What a form and its data may grow to, so that no text an author or a clerk sends can occupy the server.
//!
//! Work is linear in the product of data and form, and both are bounded here: that is what takes the place of a deadline.

/// The largest form, in bytes of its text.
pub const FORM_BYTES: usize = 256 * 1024;
/// How deep the JSON text of a form may nest.
pub const FORM_DEPTH: usize = 32;
/// How many schema nodes a form may have after every `$ref` is put in its place.
pub const FORM_NODES: usize = 4_000;
/// How many fields one level (the form, a group, a row) may have, and how many names a list of them may hold.
pub const FIELDS: usize = 300;
/// How many conditions one level may have.
pub const CONDITIONS: usize = 64;
/// How many findings are reported in one reading; whoever has so many mends those first.
pub const FINDINGS: usize = 500;
/// After how many findings or errors no more likely spellings are looked for.
pub const HINTS: usize = 50;
/// How many characters a field's name may have.
pub const NAME_LENGTH: usize = 64;

/// How many errors one submission is told of, the first ones of the form.
pub const ERRORS: usize = 500;
/// How many values a submission may hold, counting every cell.
pub const DATA_NODES: usize = 50_000;
/// How deep a submission may nest: form, rows, row, list, value, and one to spare.
pub const DATA_DEPTH: usize = 6;
/// How many rows or list items a field may hold when its form does not say `maxItems`, and the most it may say.
pub const ITEMS: u64 = 2_000;
/// How many characters a single-line text may have when its form does not say `maxLength`.
pub const LINE_LENGTH: u64 = 1_000;
/// How many characters a `textarea` may have when its form does not say `maxLength`, and the most any may say.
pub const TEXT_LENGTH: u64 = 20_000;
/// The largest whole number that every reader of JSON keeps exactly: 2⁵³ − 1.
pub const INTEGER: i64 = 9_007_199_254_740_991;
/// The longest id of a person or a file, in bytes.
pub const ID_LENGTH: usize = 128;

/// The longest pattern, in characters.
pub const PATTERN_LENGTH: usize = 200;
/// The largest `{n,m}` in a pattern.
pub const PATTERN_REPEAT: u32 = 1_000;
/// The largest compiled pattern, in bytes.
pub const PATTERN_BYTES: usize = 1 << 20;
