//! Passwords: hashing and checking them off the async threads, a bounded number at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use clickclack_store::Randomness;
use tokio::sync::Semaphore;

use crate::config::Hardness;

/// Callers that may wait for each core before more are sent away.
const WAITING_PER_CORE: usize = 32;

/// Too many people are signing in at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords are being checked")]
pub struct Overloaded;

/// Hashes and checks passwords with argon2id.
#[derive(Clone)]
pub struct Passwords {
    argon: Argon2<'static>,
    randomness: Arc<dyn Randomness>,
    cores: Arc<Semaphore>,
    places: Arc<Semaphore>,
    /// Checked when there is no account, so that its absence takes the same time.
    nobody: Arc<str>,
    runs: Arc<AtomicU64>,
}

impl Passwords {
    /// Makes the hash for unknown accounts, which costs one hashing.
    pub fn new(hardness: Hardness, randomness: Arc<dyn Randomness>) -> Self {
        let params = Params::new(hardness.memory_kib, hardness.passes, 1, None)
            .expect("the costs are within argon2's limits");
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let nobody = hash(&argon, &*randomness, "nobody's password").into();
        Self {
            argon,
            randomness,
            cores: Arc::new(Semaphore::new(cores)),
            places: Arc::new(Semaphore::new(cores * WAITING_PER_CORE)),
            nobody,
            runs: Arc::default(),
        }
    }

    /// How often argon2 has run for somebody: what signing in costs this server.
    pub fn runs(&self) -> u64 {
        self.runs.load(Ordering::Relaxed)
    }

    /// The PHC string of a new password.
    pub async fn hash(&self, password: String) -> Result<String, Overloaded> {
        let (argon, randomness) = (self.argon.clone(), Arc::clone(&self.randomness));
        let runs = Arc::clone(&self.runs);
        self.run(move || {
            runs.fetch_add(1, Ordering::Relaxed);
            hash(&argon, &*randomness, &password)
        })
        .await
    }

    /// Whether a password is the one of a PHC string; without one the answer is no, in the same
    /// time.
    pub async fn verify(&self, password: String, phc: Option<String>) -> Result<bool, Overloaded> {
        let (argon, nobody) = (self.argon.clone(), Arc::clone(&self.nobody));
        let runs = Arc::clone(&self.runs);
        self.run(move || {
            let known = phc.is_some();
            let fits = PasswordHash::new(phc.as_deref().unwrap_or(&nobody)).is_ok_and(|phc| {
                runs.fetch_add(1, Ordering::Relaxed);
                argon.verify_password(password.as_bytes(), &phc).is_ok()
            });
            fits && known
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Overloaded> {
        let _place = self.places.try_acquire().map_err(|_| Overloaded)?;
        let core = Arc::clone(&self.cores).acquire_owned().await.map_err(|_| Overloaded)?;
        let done = tokio::task::spawn_blocking(move || {
            // Held by the work itself: a caller that goes away does not make room for another.
            let _core = core;
            work()
        });
        done.await.map_err(|_| Overloaded)
    }
}

fn hash(argon: &Argon2<'_>, randomness: &dyn Randomness, password: &str) -> String {
    let mut salt = [0; 16];
    randomness.fill(&mut salt);
    argon
        .hash_password_with_salt(password.as_bytes(), &salt)
        .expect("argon2 takes any password with a salt of 16 bytes")
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clickclack_store::SeededRandomness;

    #[tokio::test]
    async fn only_the_right_password_fits() {
        let easy = Hardness { memory_kib: 8, passes: 1 };
        let passwords = Passwords::new(easy, Arc::new(SeededRandomness::new(1)));
        let phc = passwords.hash("correct horse".to_owned()).await.unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{phc}");
        let fits = async |text: &str, phc: Option<&String>| {
            passwords.verify(text.to_owned(), phc.cloned()).await.unwrap()
        };
        assert!(fits("correct horse", Some(&phc)).await);
        assert!(!fits("correct hors", Some(&phc)).await);
        assert!(!fits("nobody's password", None).await);
        assert!(!fits("x", Some(&"not a PHC string".to_owned())).await);
    }
}
