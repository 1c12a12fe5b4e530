#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| zaphook_fuzz::message_id(bytes));
