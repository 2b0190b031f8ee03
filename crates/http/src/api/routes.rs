//! How routes are added: with what is the same for all of them in the document, and an answer to methods
//! that a path does not take.

use std::cell::Cell;

use actix_web::{
    HttpResponse,
    dev::{AppService, HttpServiceFactory},
    web::resource,
};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        PathItem, Paths, RefOr, Schema, SecurityRequirement, path::Operation,
        schema::AdditionalProperties,
    },
};
use utoipa_actix_web::{OpenApiFactory, service_config::ServiceConfig};

use super::docs;
use crate::web::problem::Problem;

type Schemas = Vec<(String, RefOr<Schema>)>;

thread_local! {
    /// Whether routes that are added by this thread are described.
    static DESCRIBING: Cell<bool> = const { Cell::new(false) };
}

/// Runs what adds routes so that it describes them too. A server only serves them: if each of its threads made the
/// descriptions of all answers, it would start later and hold more memory, for nothing.
pub(crate) fn described<T>(adding: impl FnOnce() -> T) -> T {
    DESCRIBING.set(true);
    let added = adding();
    DESCRIBING.set(false);
    added
}

/// Adds routes to a server. Routes of one path are added one after the other, and a path before those
/// that would match it too.
pub(super) struct Routes<'c, 's> {
    config: &'c mut ServiceConfig<'s>,
    path: String,
    methods: Vec<&'static str>,
    hidden: bool,
}

/// A route with its finished description.
struct Route<F> {
    handler: F,
    paths: Paths,
    schemas: Schemas,
}

/// Schemas that no route names in a way that would bring them into the document.
struct Known(Schemas);

impl<'c, 's> Routes<'c, 's> {
    /// Adds routes here.
    pub(super) const fn new(config: &'c mut ServiceConfig<'s>) -> Self {
        Self {
            config,
            path: String::new(),
            methods: Vec::new(),
            hidden: false,
        }
    }

    /// Adds routes here that for some callers are not there: each may be answered `404`.
    pub(super) const fn hidden(config: &'c mut ServiceConfig<'s>) -> Self {
        let mut routes = Self::new(config);
        routes.hidden = true;
        routes
    }

    /// Adds a route for signed-in callers.
    pub(super) fn add<F: HttpServiceFactory + OpenApiFactory + 'static>(
        &mut self,
        handler: F,
    ) -> &mut Self {
        let bearer = SecurityRequirement::new("bearer", Vec::<String>::new());
        self.put(handler, Some(vec![bearer]))
    }

    /// Adds a route for everybody.
    pub(super) fn add_open<F: HttpServiceFactory + OpenApiFactory + 'static>(
        &mut self,
        handler: F,
    ) -> &mut Self {
        self.put(handler, Some(Vec::new()))
    }

    /// Adds the schema of an answer, and those it refers to.
    pub(super) fn schema<T: ToSchema + PartialSchema>(&mut self) -> &mut Self {
        if !DESCRIBING.get() {
            return self;
        }
        let mut schemas = vec![(T::name().into_owned(), T::schema())];
        T::schemas(&mut schemas);
        close(&mut schemas);
        self.config.service(Known(schemas));
        self
    }

    /// Ends the last path.
    pub(super) fn finish(mut self) {
        self.refuse_other_methods();
    }

    fn put<F: HttpServiceFactory + OpenApiFactory + 'static>(
        &mut self,
        handler: F,
        security: Option<Vec<SecurityRequirement>>,
    ) -> &mut Self {
        let mut paths = handler.paths();
        for (path, item) in &mut paths.paths {
            if *path != self.path {
                self.refuse_other_methods();
                self.path.clone_from(path);
            }
            for (method, operation) in operations(item) {
                self.methods.push(method);
                if !DESCRIBING.get() {
                    continue;
                }
                operation.security.clone_from(&security);
                if self.hidden {
                    let answers = &mut operation.responses.responses;
                    answers.extend(docs::problems(&[404]));
                }
                finish(operation);
            }
        }
        let mut schemas = Schemas::new();
        if DESCRIBING.get() {
            handler.schemas(&mut schemas);
            close(&mut schemas);
        } else {
            paths = Paths::new();
        }
        self.config.service(Route {
            handler,
            paths,
            schemas,
        });
        self
    }

    /// Whatever else comes to the path is answered `405` with the methods that it takes.
    fn refuse_other_methods(&mut self) {
        let allowed = std::mem::take(&mut self.methods).join(", ");
        if allowed.is_empty() {
            return;
        }
        let other = resource(self.path.as_str()).to(move || {
            let problem = Problem::method_not_allowed(allowed.clone());
            async move { Err::<HttpResponse, Problem>(problem) }
        });
        self.config.map(|config| config.service(other));
    }
}

/// The operations of a path with their methods.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    [
        ("GET", &mut item.get),
        ("POST", &mut item.post),
        ("PUT", &mut item.put),
        ("PATCH", &mut item.patch),
        ("DELETE", &mut item.delete),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// Says what every answer has.
fn finish(operation: &mut Operation) {
    let answers = &mut operation.responses.responses;
    let too_many = || docs::too_many().into();
    answers.entry("429".to_owned()).or_insert_with(too_many);
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response {
            let id = docs::request_id().into();
            response.headers.insert("X-Request-Id".to_owned(), id);
            // Other problems have them too; once for the good answer and once for this is enough to read.
            if status.starts_with('2') || status == "429" {
                for (name, header) in docs::rate_limits() {
                    response.headers.insert(name.to_owned(), header.into());
                }
            }
        }
    }
}

/// Says of every object that it has no other fields.
fn close(schemas: &mut Schemas) {
    for (_, schema) in schemas {
        if let RefOr::T(Schema::Object(object)) = schema
            && !object.properties.is_empty()
            && object.additional_properties.is_none()
        {
            object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
        }
    }
}

impl<F: HttpServiceFactory> HttpServiceFactory for Route<F> {
    fn register(self, config: &mut AppService) {
        self.handler.register(config);
    }
}

impl<F> OpenApiFactory for Route<F> {
    fn paths(&self) -> Paths {
        self.paths.clone()
    }

    fn schemas(&self, schemas: &mut Schemas) {
        schemas.extend(self.schemas.iter().cloned());
    }
}

impl HttpServiceFactory for Known {
    fn register(self, _: &mut AppService) {}
}

impl OpenApiFactory for Known {
    fn paths(&self) -> Paths {
        Paths::new()
    }

    fn schemas(&self, schemas: &mut Schemas) {
        schemas.extend(self.0.iter().cloned());
    }
}
