//! What the routes that give lists out as files say of themselves in the API document.

use std::marker::PhantomData;

use utoipa::{
    IntoParams, IntoResponses,
    openapi::{
        ContentBuilder, HeaderBuilder, ResponseBuilder, Schema,
        path::{Parameter, ParameterIn},
    },
};

use super::{choices::one_of, docs};
use crate::web::exports::{Format, XLSX};

/// The parameters of an export: those of the list, pages aside, and the kind of file.
pub(super) struct ExportOf<W>(PhantomData<W>);
/// `200` with a whole list as a file.
pub(super) struct File(());

impl<W: IntoParams> IntoParams for ExportOf<W> {
    fn into_params(place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let of_pages = ["limit", "cursor", "include_total"];
        let mut parameters = W::into_params(place);
        parameters.retain(|parameter| !of_pages.contains(&parameter.name.as_str()));
        let names = Format::ALL.map(Format::ending);
        let format = one_of(names).default(Some(Format::default().ending().into()));
        parameters.push(docs::query(
            "format",
            format,
            "The kind of file: CSV in UTF-8 with a byte order mark, or a workbook.",
        ));
        parameters
    }
}

impl IntoResponses for File {
    fn responses() -> docs::Responses {
        let name = HeaderBuilder::new()
            .schema(Some(Schema::from(docs::text())))
            .description(Some("The name for the file: the list and the day."))
            .build();
        let csv = ContentBuilder::new()
            .schema(Some(Schema::from(docs::text())))
            .example(Some(
                "\u{feff}name,city\r\nPuget Electric,Seattle\r\n".into(),
            ))
            .build();
        let workbook = ContentBuilder::new()
            .schema(Some(Schema::from(docs::formatted("binary"))))
            .build();
        let answer = ResponseBuilder::new()
            .description("Every row that matches, a column for each field of the list.")
            .content("text/csv", csv)
            .content(XLSX, workbook)
            .header("Content-Disposition", name);
        docs::with_problems("200", answer, &[400, 401, 403, 409, 503])
    }
}
