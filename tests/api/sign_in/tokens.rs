//! Access tokens: only what this service signed, lately, for a session that goes on, counts.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{
    TestApp,
    app::{Answer, SIGNING_KEY, SIGNING_KEY_ID},
};

use super::email;

/// A header and claims, as they stand in a token that counts.
pub(super) struct Token {
    header: Header,
    claims: Value,
    key: EncodingKey,
}

impl Token {
    /// The same as the service would sign for this pair's session.
    pub(super) fn like(app: &TestApp, pair: &Answer) -> Self {
        let token = pair.text_at("/access_token");
        let claims = jsonwebtoken::dangerous::insecure_decode::<Value>(&token);
        let claims = claims.expect("an access token is a JWT").claims;
        assert!(
            claims["exp"]
                .as_i64()
                .is_some_and(|end| end > app.now().as_second())
        );
        Self {
            header: Header {
                typ: Some("at+jwt".to_owned()),
                kid: Some(SIGNING_KEY_ID.to_owned()),
                ..Header::new(Algorithm::HS256)
            },
            claims,
            key: EncodingKey::from_base64_secret(SIGNING_KEY).expect("the key is base64"),
        }
    }

    pub(super) fn with(mut self, claim: &str, value: Value) -> Self {
        self.claims[claim] = value;
        self
    }

    /// With the id of another key.
    pub(super) fn of_key(mut self, id: &str) -> Self {
        self.header.kid = Some(id.to_owned());
        self
    }

    pub(super) fn signed(&self) -> String {
        encode(&self.header, &self.claims, &self.key).expect("a token can be signed")
    }
}

fn status(app: &TestApp, token: &str) -> u16 {
    app.with_token(token).get("/auth/me").status()
}

#[test]
fn a_token_that_has_run_out_is_refused_and_one_about_to_is_not() {
    let app = TestApp::start();
    let pair = app.sign_in(&email(&app, Role::Staff));
    let now = app.now().as_second();
    let token = |end: i64| Token::like(&app, &pair).with("exp", json!(end)).signed();
    assert_eq!(status(&app, &token(now + 60)), 200);
    assert_eq!(status(&app, &token(now - 1)), 401);
    assert_eq!(status(&app, &token(now)), 401);
}

#[test]
fn a_token_signed_by_anybody_else_is_refused() {
    let app = TestApp::start();
    let pair = app.sign_in(&email(&app, Role::Staff));
    let like = || Token::like(&app, &pair);
    assert_eq!(status(&app, &like().signed()), 200);
    let mut other_key = like();
    other_key.key = EncodingKey::from_secret(&[7; 32]);
    let mut other_id = like();
    other_id.header.kid = Some("other".to_owned());
    let mut no_id = like();
    no_id.header.kid = None;
    let mut stronger = like();
    stronger.header.alg = Algorithm::HS512;
    let other_issuer = like().with("iss", json!("somebody"));
    for token in [other_key, other_id, no_id, stronger, other_issuer] {
        assert_eq!(status(&app, &token.signed()), 401, "{:?}", token.header);
    }
}

#[test]
fn a_token_of_another_type_or_for_somebody_else_is_refused() {
    let app = TestApp::start();
    let pair = app.sign_in(&email(&app, Role::Staff));
    let like = || Token::like(&app, &pair);
    let of_type = |name: Option<&str>| {
        let mut token = like();
        token.header.typ = name.map(str::to_owned);
        token.signed()
    };
    let mut without_audience = like();
    without_audience
        .claims
        .as_object_mut()
        .expect("claims are an object")
        .remove("aud");
    for token in [
        of_type(None),
        of_type(Some("JWT")),
        of_type(Some("dpop+jwt")),
        like().with("aud", json!("another-service")).signed(),
        without_audience.signed(),
    ] {
        assert_eq!(status(&app, &token), 401, "{token}");
    }
}

#[test]
fn a_token_that_is_not_signed_at_all_is_refused() {
    let app = TestApp::start();
    let token = app
        .sign_in(&email(&app, Role::Staff))
        .text_at("/access_token");
    let parts: Vec<_> = token.split('.').collect();
    // {"alg":"none","kid":"tests"} and the same with capitals.
    let none = "eyJhbGciOiJub25lIiwia2lkIjoidGVzdHMifQ";
    let capitals = "eyJhbGciOiJOb25lIiwia2lkIjoidGVzdHMifQ";
    let claims = parts[1];
    for forged in [
        format!("{none}.{claims}."),
        format!("{capitals}.{claims}."),
        format!("{none}.{claims}.{}", parts[2]),
        format!("{}.{claims}.", parts[0]),
        format!("{}.{claims}", parts[0]),
        format!("{}.{claims}.AAAA", parts[0]),
        String::new(),
        "x".repeat(5000),
    ] {
        assert_eq!(status(&app, &forged), 401, "{forged}");
    }
}

#[test]
fn a_good_signature_over_another_tenant_user_or_session_gains_nothing() {
    let app = TestApp::start();
    let pair = app.sign_in(&email(&app, Role::Staff));
    let trust = app.trust.id().to_string();
    let nobody = "0190ffff-ffff-7fff-bfff-ffffffffffff";
    for (claim, value) in [
        ("tenant", trust.as_str()),
        ("tenant", nobody),
        ("sid", nobody),
    ] {
        let token = Token::like(&app, &pair).with(claim, json!(value));
        assert_eq!(status(&app, &token.signed()), 401, "{claim}");
    }
    // Roles in a token are not even looked at.
    let token = Token::like(&app, &pair)
        .with("roles", json!(["owner"]))
        .signed();
    app.with_token(&token).get("/audit-events").expect(403);
}

#[test]
fn the_scheme_is_bearer_in_any_case_and_nothing_else() {
    let app = TestApp::start();
    let token = app
        .sign_in(&email(&app, Role::Staff))
        .text_at("/access_token");
    let with = |value: &str| {
        let request = app.anonymous().request("GET", "/auth/me");
        request.header("Authorization", value).send().status()
    };
    assert_eq!(with(&format!("Bearer {token}")), 200);
    assert_eq!(with(&format!("bearer {token}")), 200);
    for other in [
        format!("Basic {token}"),
        token.clone(),
        format!("Bearer{token}"),
    ] {
        assert_eq!(with(&other), 401);
    }
}
