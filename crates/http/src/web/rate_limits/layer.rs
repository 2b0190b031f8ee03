//! The layer that asks before a request reaches its route, where nobody needs to be known for that.

use std::sync::Arc;

use actix_web::{
    Error, HttpMessage, HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    http::header,
    middleware::Next,
    web::{Bytes, Data},
};
use futures_util::stream;
use serde_json::Value;
use unionhall_domain::users::EmailAddress;

use super::{
    RateLimiter, Standings,
    routes::{Rule, rule_of},
};
use crate::{
    BASE,
    web::{body, caller::Shared, problem::Problem},
};

/// Counts requests to the API that nobody has signed in for. Those of signed-in people are counted where their token
/// is read; one that shows a token to a route that reads none is counted when it has been answered.
///
/// # Errors
/// Those of the layers inside.
pub(crate) async fn asked(
    shared: Data<Shared>,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(limiter) = shared.rate_limiter.clone() else {
        return passed_on(request, next).await;
    };
    let Some(path) = request.path().strip_prefix(BASE).map(str::to_owned) else {
        return passed_on(request, next).await;
    };
    let verdict = match rule_of(request.method(), &path) {
        Some(rule) => exactly(&limiter, &shared, &mut request, rule).await,
        None if request.headers().contains_key(header::AUTHORIZATION) => {
            return counted_after(&limiter, &shared, request, next).await;
        }
        None => {
            let address = shared.address(request.request());
            let standings = Standings(vec![limiter.count_stranger(address)]);
            let verdict = standings.verdict();
            request.extensions_mut().insert(standings);
            verdict
        }
    };
    match verdict {
        Ok(()) => passed_on(request, next).await,
        Err(problem) => {
            // Not by `into_response`, which forgets the error that the answer is made of.
            let (request, _) = request.into_parts();
            let refused = HttpResponse::from_error(problem);
            Ok(ServiceResponse::new(request, refused))
        }
    }
}

/// What a route finds that decides itself about an account that has used up its allowance.
struct HeldBack(Problem);

/// The answer to a request for an account that has used up its allowance, where the route decides about it.
pub(crate) fn held_back(request: &HttpRequest) -> Option<Problem> {
    let extensions = request.extensions();
    extensions.get::<HeldBack>().map(|held| held.0.clone())
}

async fn passed_on(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    next.call(request)
        .await
        .map(ServiceResponse::map_into_boxed_body)
}

/// Asks storage, for the address and for the account that the body names.
async fn exactly(
    limiter: &Arc<RateLimiter>,
    shared: &Shared,
    request: &mut ServiceRequest,
    rule: &'static Rule,
) -> Result<(), Problem> {
    let account = if rule.accounts.is_empty() {
        None
    } else {
        let bytes = body::whole(request.take_payload(), shared.body_bytes).await?;
        let account = account(&bytes, rule.accounts);
        request.set_payload(again(bytes));
        account
    };
    let address = shared.address(request.request());
    let wanted = limiter.wanted(rule, address, account.as_deref());
    let standings = Standings(limiter.take(request.request(), shared, wanted).await?);
    let verdict = standings.verdict();
    // The account's is the second: it is asked for when the address has one left.
    let of_account = standings.0.len() > 1;
    request.extensions_mut().insert(standings);
    match verdict {
        Err(problem) if of_account && rule.decides => {
            request.extensions_mut().insert(HeldBack(problem));
            Ok(())
        }
        verdict => verdict,
    }
}

/// Lets the route answer, and counts the request for its address if no person was counted. Whoever has used up the
/// allowance does not get to see the answer.
async fn counted_after(
    limiter: &RateLimiter,
    shared: &Shared,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let response = passed_on(request, next).await?;
    if response.request().extensions().contains::<Standings>() {
        return Ok(response);
    }
    let standing = limiter.count_stranger(shared.address(response.request()));
    let standings = Standings(vec![standing]);
    let verdict = standings.verdict();
    response.request().extensions_mut().insert(standings);
    Ok(match verdict {
        Ok(()) => response,
        Err(problem) => response.into_response(HttpResponse::from_error(problem)),
    })
}

/// The account that a body names, written as storage writes addresses; text that is no address counts as it is,
/// because its refusals look the same.
fn account(body: &[u8], pointers: &[&str]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let named = pointers
        .iter()
        .find_map(|pointer| body.pointer(pointer)?.as_str())?;
    let known = EmailAddress::parse(named).map(|email| email.as_str().to_owned());
    Some(known.unwrap_or_else(|_| named.trim().to_lowercase()))
}

/// A body that has been read, for whoever reads it next.
fn again(bytes: Bytes) -> Payload {
    Payload::Stream {
        payload: Box::pin(stream::once(std::future::ready(Ok(bytes)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_the_same_however_its_address_is_written() {
        let of = |body: &str| account(body.as_bytes(), &["/owner/email", "/email"]);
        for body in [
            r#"{"email":"ada@hall.example"}"#,
            r#"{"email":" Ada@Hall.Example "}"#,
            r#"{"email":"grace@hall.example","owner":{"email":"ada@hall.example"}}"#,
        ] {
            assert_eq!(of(body).as_deref(), Some("ada@hall.example"), "{body}");
        }
        assert_eq!(of(r#"{"email":"NOBODY"}"#).as_deref(), Some("nobody"));
        for body in ["", "[]", "{}", r#"{"email":7}"#, "{\"email\":"] {
            assert_eq!(of(body), None, "{body}");
        }
    }
}
