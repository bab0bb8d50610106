//! Rate limits.

use clickclack_api::config::Rates;
use clickclack_client::Call;
use clickclack_protocol::api::ProblemCode;

use crate::doors::house::House;

#[tokio::test]
async fn guessing_is_slowed_down() {
    let house = House::with(|config| config.rates = Rates { credentials: 3, requests: 0 }).await;
    let guess = || {
        let body = r#"{"email":"ana@tidepool.example","password":"guess","transport":"token"}"#;
        Call::of("logIn", &[]).body("application/json", body)
    };
    for _ in 0..3 {
        assert_eq!(house.client.send(guess()).await.unwrap().status, 401);
    }
    let refused = house.client.send(guess()).await.unwrap();
    let problem = refused.problem().unwrap();
    assert_eq!(problem.code, ProblemCode::RateLimited);
    let seconds = problem.retry_after_s.unwrap();
    assert_eq!(refused.header("retry-after"), Some(seconds.to_string().as_str()));
    house.clock.turn(seconds * 1000);
    assert_eq!(house.client.send(guess()).await.unwrap().status, 401);
}

#[tokio::test]
async fn requests_are_counted_by_address() {
    let house = House::with(|config| config.rates = Rates { credentials: 0, requests: 5 }).await;
    for _ in 0..5 {
        house.client.get_health().await.unwrap();
    }
    let refused = house.client.get_health().await.unwrap_err();
    assert_eq!(refused.code(), Some(ProblemCode::RateLimited));
}
