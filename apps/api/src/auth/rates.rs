//! How many requests an address, a session or an account's name may make. Time is injected.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use clickclack_protocol::ids::SessionId;
use clickclack_protocol::time::Clock;
use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::config::Rates;

/// Checks between two sweeps of what has become idle.
const SWEEP_EVERY: u64 = 4096;

/// How many times as often an account may be tried from everywhere as from one address.
const ANYWHERE: u32 = 10;

/// The limit is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany {
    /// Seconds until another try makes sense, at least 1.
    pub retry_after_s: i64,
}

/// The injected clock as the limiter wants it.
#[derive(Clone)]
struct Ticks(Arc<dyn Clock>);

impl GovernorClock for Ticks {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.now()).unwrap_or(0))
    }
}

type Keyed = RateLimiter<u64, HashMapStateStore<u64>, Ticks, NoOpMiddleware<Duration>>;

/// One limit over many keys. Keys are hashed, so that each costs the same few bytes.
struct Limit {
    keyed: Keyed,
    ticks: Ticks,
    hasher: RandomState,
    checks: AtomicU64,
}

impl Limit {
    fn new(per_minute: u32, ticks: &Ticks) -> Option<Self> {
        let quota = Quota::per_minute(NonZeroU32::new(per_minute)?);
        let store = HashMapStateStore::new(HashMap::new());
        Some(Self {
            keyed: RateLimiter::new(quota, store, ticks.clone()),
            ticks: ticks.clone(),
            hasher: RandomState::new(),
            checks: AtomicU64::new(0),
        })
    }

    fn check(&self, key: impl Hash) -> Result<(), TooMany> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.keyed.retain_recent();
            self.keyed.shrink_to_fit();
        }
        self.keyed.check_key(&self.hasher.hash_one(key)).map_err(|refusal| {
            let wait = refusal.wait_time_from(self.ticks.now());
            let seconds = i64::try_from(wait.as_secs()).unwrap_or(i64::MAX - 1) + 1;
            TooMany { retry_after_s: seconds }
        })
    }
}

/// The server's limits.
#[derive(Clone)]
pub struct RateLimits(Arc<Limits>);

struct Limits {
    credentials_by_address: Option<Limit>,
    credentials_by_name: Option<Limit>,
    credentials_by_name_anywhere: Option<Limit>,
    letters_by_name: Option<Limit>,
    requests_by_address: Option<Limit>,
    requests_by_session: Option<Limit>,
}

impl RateLimits {
    /// Limits with full allowances.
    pub fn new(rates: Rates, clock: Arc<dyn Clock>) -> Self {
        let ticks = Ticks(clock);
        let anywhere = rates.credentials.saturating_mul(ANYWHERE);
        Self(Arc::new(Limits {
            credentials_by_address: Limit::new(rates.credentials, &ticks),
            credentials_by_name: Limit::new(rates.credentials, &ticks),
            credentials_by_name_anywhere: Limit::new(anywhere, &ticks),
            letters_by_name: Limit::new(rates.credentials, &ticks),
            requests_by_address: Limit::new(rates.requests, &ticks),
            requests_by_session: Limit::new(rates.requests, &ticks),
        }))
    }

    /// Any request.
    pub fn request(&self, address: IpAddr) -> Result<(), TooMany> {
        check(self.0.requests_by_address.as_ref(), address)
    }

    /// A request of somebody who is signed in.
    pub fn session(&self, session_id: SessionId) -> Result<(), TooMany> {
        check(self.0.requests_by_session.as_ref(), session_id)
    }

    /// A try at a credential: a password, a link, an invite, a set-up token.
    pub fn credential(&self, address: IpAddr) -> Result<(), TooMany> {
        check(self.0.credentials_by_address.as_ref(), address)
    }

    /// A try at the password of an account, known or not. From all addresses together there may be
    /// more: else anybody could keep somebody out.
    pub fn account(&self, address: IpAddr, name: &str) -> Result<(), TooMany> {
        let name = name.trim().to_lowercase();
        check(self.0.credentials_by_name.as_ref(), (address, &name))?;
        check(self.0.credentials_by_name_anywhere.as_ref(), &name)
    }

    /// A sign-in link that is asked for, for an account known or not.
    pub fn letter(&self, name: &str) -> Result<(), TooMany> {
        check(self.0.letters_by_name.as_ref(), name.trim().to_lowercase())
    }
}

fn check(limit: Option<&Limit>, key: impl Hash) -> Result<(), TooMany> {
    limit.map_or(Ok(()), |limit| limit.check(key))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicI64;

    use super::*;

    struct Hand(AtomicI64);

    impl Clock for Hand {
        fn now(&self) -> i64 {
            self.0.load(Ordering::SeqCst)
        }
    }

    #[test]
    fn a_spent_allowance_comes_back_with_time() {
        let hand = Arc::new(Hand(AtomicI64::new(1_000_000)));
        let rates = Rates { credentials: 3, requests: 0 };
        let limits = RateLimits::new(rates, hand.clone());
        let ana = "198.51.100.1".parse().unwrap();
        let ben = "198.51.100.2".parse().unwrap();
        for _ in 0..3 {
            assert_eq!(limits.credential(ana), Ok(()));
        }
        let refused = limits.credential(ana).unwrap_err();
        assert_eq!(refused.retry_after_s, 21);
        assert_eq!(limits.credential(ben), Ok(()));
        hand.0.fetch_add(20_000, Ordering::SeqCst);
        assert_eq!(limits.credential(ana), Ok(()));
        assert!(limits.credential(ana).is_err());
        for _ in 0..10_000 {
            assert_eq!(limits.request(ana), Ok(()));
        }
    }

    #[test]
    fn an_account_is_one_however_it_is_written() {
        let hand = Arc::new(Hand(AtomicI64::new(0)));
        let limits = RateLimits::new(Rates { credentials: 1, requests: 0 }, hand);
        let ben = "198.51.100.2".parse().unwrap();
        assert_eq!(limits.account(ben, "Ana@tidepool.example"), Ok(()));
        assert!(limits.account(ben, " ana@tidepool.example").is_err());
        let ana = "198.51.100.1".parse().unwrap();
        assert_eq!(limits.account(ana, "ana@tidepool.example"), Ok(()), "Ben keeps nobody out");
    }

    #[test]
    fn many_addresses_together_do_not_guess_for_ever() {
        let hand = Arc::new(Hand(AtomicI64::new(0)));
        let limits = RateLimits::new(Rates { credentials: 2, requests: 0 }, hand);
        let tries = (0..30_u8).filter(|last| {
            let address = IpAddr::from([198, 51, 100, *last]);
            limits.account(address, "ana@tidepool.example").is_ok()
        });
        assert_eq!(tries.count(), 20);
    }
}
