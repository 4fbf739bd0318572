//! What several integration tests share.

// Every test binary compiles all of it and uses a part.
#![allow(dead_code, unused_imports)]

pub mod logs;
pub mod s3;
pub mod source;
