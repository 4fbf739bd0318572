mod anchor;
pub mod class;
mod keyword;
mod word;
