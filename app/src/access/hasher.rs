//! Argon2id: slow on purpose, so on threads of its own, and only a few at a time.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::{Mutex, Semaphore};
use zhupi_domain::ContentHash;

use super::AccessError;
use crate::Entropy;

/// Memory of one hash in KiB, passes, and lanes: the least that OWASP advises for Argon2id.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Hashes worked on at once; each takes about 20 MB.
const AT_ONCE: usize = 4;
/// Those who may wait for one; more are told to come again.
const WAITING: usize = 128;
/// Tries at one account come one after another, so that many at once do not slip past the count of failures.
const LANES_OF_ACCOUNTS: usize = 64;

pub(super) struct Hasher {
    working: Semaphore,
    waiting: Semaphore,
    accounts: Vec<Mutex<()>>,
}

impl Default for Hasher {
    fn default() -> Self {
        Self {
            working: Semaphore::new(AT_ONCE),
            waiting: Semaphore::new(WAITING),
            accounts: (0..LANES_OF_ACCOUNTS).map(|_| Mutex::default()).collect(),
        }
    }
}

impl Hasher {
    /// Holds an account for one try.
    pub(super) async fn hold(&self, account: &str) -> Option<tokio::sync::MutexGuard<'_, ()>> {
        let first = ContentHash::of(&[account.as_bytes()]).as_bytes().first().map_or(0, |byte| usize::from(*byte));
        match self.accounts.get(first % LANES_OF_ACCOUNTS) {
            Some(lane) => Some(lane.lock().await),
            None => None,
        }
    }

    /// A hash to keep, in PHC format.
    pub(super) async fn hash(&self, password: &str, entropy: &Entropy) -> Result<String, AccessError> {
        let salt = entropy.bytes::<16>();
        let password = password.to_owned();
        self.work(move || {
            let hash: PasswordHash = argon2()?.hash_password_with_salt(password.as_bytes(), &salt).map_err(internal)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether a password is the one of a hash. Without a hash it is not, after the same work.
    pub(super) async fn verify(&self, password: &str, hash: Option<String>) -> Result<bool, AccessError> {
        let password = password.to_owned();
        self.work(move || {
            let Some(hash) = hash else {
                let mut nothing = [0; 32];
                argon2()?.hash_password_into(password.as_bytes(), &[0; 16], &mut nothing).map_err(internal)?;
                return Ok(false);
            };
            let hash = PasswordHash::new(&hash).map_err(internal)?;
            Ok(argon2()?.verify_password(password.as_bytes(), &hash).is_ok())
        })
        .await
    }

    async fn work<T, W>(&self, work: W) -> Result<T, AccessError>
    where
        T: Send + 'static,
        W: FnOnce() -> Result<T, AccessError> + Send + 'static,
    {
        let _queued = self.waiting.try_acquire().map_err(|_| AccessError::Busy)?;
        let _turn = self.working.acquire().await.map_err(internal)?;
        tokio::task::spawn_blocking(work).await.map_err(internal)?
    }
}

fn argon2() -> Result<Argon2<'static>, AccessError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn internal(error: impl std::fmt::Display) -> AccessError {
    AccessError::Internal(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_knows_its_password_and_no_other() {
        let hasher = Hasher::default();
        let entropy = Entropy::new(|bytes| getrandom::fill(bytes).expect("chance"));
        let hash = hasher.hash("床前明月光 8", &entropy).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(hasher.verify("床前明月光 8", Some(hash.clone())).await.unwrap());
        assert!(!hasher.verify("床前明月光 9", Some(hash)).await.unwrap());
        assert!(!hasher.verify("床前明月光 8", None).await.unwrap());
    }
}
