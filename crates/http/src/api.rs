//! The JSON API: one file for each feature, and what they share.

mod audit;
mod auth;
mod choices;
mod docs;
mod grievances;
mod members;
mod nothing;
mod organizations;
mod routes;
mod shown;

use utoipa_actix_web::service_config::ServiceConfig;

use crate::web::problem::ProblemView;

/// Adds every route, below wherever the API is mounted.
pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    let mut routes = routes::Routes::new(config);
    routes.schema::<ProblemView>();
    auth::routes(&mut routes);
    members::routes(&mut routes);
    organizations::routes(&mut routes);
    grievances::routes(&mut routes);
    audit::routes(&mut routes);
    routes.finish();
}
