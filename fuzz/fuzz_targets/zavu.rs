#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| zaphook_fuzz::body::<zaphook::Zavu>(bytes));
