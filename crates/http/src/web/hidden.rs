//! Features that some roles may not know to be used: for them their addresses are like any where nothing is.

use actix_web::{
    HttpRequest,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
};
use unionhall_application::{error::Code, permissions::Permission};

use super::{caller::shared, problem::Problem};

/// Answers whoever may not see what organizers do as an unknown address would: before body, query and method are
/// looked at, and without a question to the database about any record.
pub(crate) async fn from_all_but_organizers(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if is_hidden(request.request()).await {
        let nothing = Problem::new(Code::NotFound, "there is nothing at this address");
        return Ok(request.error_response(nothing));
    }
    let response = next.call(request).await?;
    Ok(response.map_into_boxed_body())
}

/// Whether a caller is known who may not see it. Whoever is not signed in is told to sign in, as everywhere.
async fn is_hidden(request: &HttpRequest) -> bool {
    let Ok(shared) = shared(request) else {
        return false;
    };
    let actor = shared.authenticator.actor(request).await;
    actor.is_ok_and(|actor| !actor.may(Permission::OrganizingRead))
}
