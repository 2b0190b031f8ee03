//! The API document as it is served, and its operations.

use serde_json::Value;
use unionhall_testing::TestApp;

/// One operation of the document.
pub(crate) struct Operation {
    pub id: String,
    /// In capitals.
    pub method: String,
    /// Below the base path, with names in braces: `/members/{id}`.
    pub template: String,
    pub description: Value,
}

impl Operation {
    /// The names of its parameters in `path`, `query` or `header`.
    pub(crate) fn parameters(&self, place: &str) -> Vec<String> {
        let parameters = self.description["parameters"].as_array();
        let parameters = parameters.into_iter().flatten();
        parameters
            .filter(|parameter| parameter["in"] == place)
            .map(|parameter| parameter["name"].as_str().expect("a name").to_owned())
            .collect()
    }

    /// Whether this method and path, without its query, are of this operation.
    pub(crate) fn takes(&self, method: &str, path: &str) -> bool {
        let path = path.split('?').next().unwrap_or_default();
        let wanted: Vec<_> = self.template.split('/').collect();
        let given: Vec<_> = path.split('/').collect();
        self.method == method
            && wanted.len() == given.len()
            && wanted
                .iter()
                .zip(&given)
                .all(|(wanted, given)| wanted.starts_with('{') || wanted == given)
    }
}

/// The whole document.
pub(crate) fn served(app: &TestApp) -> Value {
    app.anonymous().get("/openapi.json").expect(200).json()
}

/// Its operations, in its order.
pub(crate) fn operations(document: &Value) -> Vec<Operation> {
    let paths = document["paths"].as_object().expect("it has paths");
    let mut operations = Vec::new();
    for (path, item) in paths {
        for (method, description) in item.as_object().expect("a path has operations") {
            operations.push(Operation {
                id: description["operationId"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned(),
                method: method.to_uppercase(),
                template: path
                    .strip_prefix("/api/v1")
                    .expect("every path is below the base")
                    .to_owned(),
                description: description.clone(),
            });
        }
    }
    operations
}

/// A schema with its reference, if it is one, followed.
pub(crate) fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(reference) => {
            let pointer = reference.trim_start_matches('#');
            document
                .pointer(pointer)
                .expect("references lead somewhere")
        }
        None => schema,
    }
}

/// The body of an operation that is sent as JSON, if it has one.
pub(crate) fn json_body<'a>(document: &'a Value, operation: &'a Operation) -> Option<&'a Value> {
    let schema = &operation.description["requestBody"]["content"]["application/json"]["schema"];
    (!schema.is_null()).then(|| resolved(document, schema))
}
