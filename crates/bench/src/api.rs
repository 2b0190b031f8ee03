//! The product's API, as far as a run needs it to prepare and to look.

use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::failure::{Doing, Failure, Outcome};

/// The password of everybody in the demo tenants.
const PASSWORD: &str = "solidarity-forever";

/// A server's API.
#[derive(Debug)]
pub(crate) struct Api {
    client: Client,
    base: String,
}

/// An answer that was what was asked for.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Its JSON.
    pub(crate) body: Value,
    /// Round trips to the database that it took, as the server says in development.
    pub(crate) round_trips: Option<u32>,
    /// Its length, in bytes.
    pub(crate) bytes: usize,
}

impl Api {
    /// The API at `base`.
    pub(crate) fn new(base: String) -> Outcome<Self> {
        // A connection that rested during a load may be closed by now, so none is kept.
        let client = Client::builder()
            .no_proxy()
            .pool_max_idle_per_host(0)
            .build();
        let client = client.doing("making a client")?;
        Ok(Self { client, base })
    }

    /// Where it is.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// What a sign-in sends.
    pub(crate) fn login_body(email: &str) -> String {
        json!({ "email": email, "password": PASSWORD }).to_string()
    }

    /// Signs in; gives the access token and the tenant's id.
    pub(crate) async fn sign_in(&self, email: &str) -> Outcome<(String, String)> {
        let answer = self
            .post(None, "/api/v1/auth/login", Self::login_body(email))
            .await?;
        let token = text(&answer.body, "/access_token")?;
        let tenant = text(&answer.body, "/tenant/id").or_else(|_| text(&answer.body, "/tenant"))?;
        Ok((token, tenant))
    }

    /// Reads `path`.
    pub(crate) async fn get(&self, token: &str, path: &str) -> Outcome<Answer> {
        let request = self
            .client
            .get(format!("{}{path}", self.base))
            .bearer_auth(token);
        answer(request, path).await
    }

    /// Sends JSON to `path`.
    pub(crate) async fn post(
        &self,
        token: Option<&str>,
        path: &str,
        body: String,
    ) -> Outcome<Answer> {
        let mut request = self.client.post(format!("{}{path}", self.base));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        answer(
            request
                .header("Content-Type", "application/json")
                .body(body),
            path,
        )
        .await
    }
}

async fn answer(request: RequestBuilder, path: &str) -> Outcome<Answer> {
    let response = request.send().await.doing(path)?;
    let status = response.status();
    let timing = response.headers().get("Server-Timing");
    let round_trips = timing.and_then(|value| round_trips_in(value.to_str().ok()?));
    let body = response.text().await.doing(path)?;
    if !status.is_success() || status == StatusCode::NO_CONTENT {
        return Err(Failure::new(format!(
            "{path} was answered {status}: {body}"
        )));
    }
    Ok(Answer {
        bytes: body.len(),
        body: serde_json::from_str(&body).doing(path)?,
        round_trips,
    })
}

/// A text in an answer, by its JSON pointer.
pub(crate) fn text(body: &Value, pointer: &str) -> Outcome<String> {
    let found = body.pointer(pointer).and_then(Value::as_str);
    found
        .map(str::to_owned)
        .ok_or_else(|| Failure::new(format!("an answer has no text at {pointer}")))
}

/// The ids of a list's rows.
pub(crate) fn ids(body: &Value) -> Vec<String> {
    let rows = body.get("items").and_then(Value::as_array);
    rows.into_iter()
        .flatten()
        .filter_map(|row| text(row, "/id").ok())
        .collect()
}

/// Reads the count out of `app;dur=1.2, sql;desc="3"`.
fn round_trips_in(timing: &str) -> Option<u32> {
    let metric = timing
        .split(',')
        .map(str::trim)
        .find(|metric| metric.starts_with("sql;"))?;
    let (_, count) = metric.split_once("desc=")?;
    count.trim_matches('"').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips_are_read_from_the_servers_timing() {
        assert_eq!(round_trips_in("sql;desc=\"3\""), Some(3));
        assert_eq!(round_trips_in("total;dur=4.1, sql;desc=12"), Some(12));
        assert_eq!(round_trips_in("total;dur=4.1"), None);
    }

    #[test]
    fn the_ids_of_a_list_are_those_of_its_rows() {
        let body = json!({ "items": [{ "id": "a" }, { "id": "b" }], "next_cursor": null });
        assert_eq!(ids(&body), ["a", "b"]);
    }
}
