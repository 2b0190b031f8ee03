//! How long one password hash takes here: what the rate of logins is judged by.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::failure::{Doing, Failure, Outcome};

/// The work in one hash, as the product's default is.
const COST: u32 = 12;
/// How many hashes are timed on each core.
const HASHES: u32 = 8;

/// Seconds of one hash, alone on one core.
pub(crate) fn seconds_of_one() -> Outcome<f64> {
    let taken = hash_several()?;
    Ok(taken.as_secs_f64() / f64::from(HASHES))
}

/// Hashes a second when so many cores do nothing else.
pub(crate) fn rate_on(cores: u32) -> Outcome<f64> {
    let begun = Instant::now();
    let threads: Vec<_> = (0..cores).map(|_| thread::spawn(hash_several)).collect();
    for thread in threads {
        let ended = thread.join();
        ended.map_err(|_| Failure::new("a thread that hashed passwords panicked"))??;
    }
    Ok(f64::from(HASHES * cores) / begun.elapsed().as_secs_f64())
}

fn hash_several() -> Outcome<Duration> {
    let begun = Instant::now();
    for _ in 0..HASHES {
        let hash = bcrypt::hash("correct horse battery staple", COST);
        std::hint::black_box(hash.doing("hashing a password")?);
    }
    Ok(begun.elapsed())
}
