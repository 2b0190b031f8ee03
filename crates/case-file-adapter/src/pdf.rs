//! Pages as a PDF that is archived (PDF/A-2a, ISO 19005-2) and read aloud (PDF/UA-1, ISO 14289-1): real text, the
//! letters it uses inside of the file, and what is a heading and what belongs to it.

use std::num::NonZeroU16;

use jiff::{Timestamp, tz::TimeZone};
use krilla::{
    Document, SerializeSettings,
    color::luma,
    configure::{Accessibility, Archival, ConfigurationBuilder},
    destination::XyzDestination,
    geom::{PathBuilder, Point},
    metadata::{DateTime, Metadata},
    num::NormalizedF32,
    outline::{Outline, OutlineNode},
    page::PageSettings,
    paint::{Fill, FillRule, Stroke},
    surface::Surface,
    tagging::{Artifact, ArtifactType, ContentTag, Node, SpanTag, Tag, TagGroup, TagKind, TagTree},
    text::TextDirection,
};
use unionhall_domain::case_files::CaseFile;
use unionhall_ports::case_files::Unwritten;

use crate::{
    fonts::Fonts,
    pages::{self, Block, EDGE, Layout, Line, Page, Role, SHEET, Shade},
    words,
};

/// The language of what the program says of a case.
const LANGUAGE: &str = "en";

/// A case file as a PDF.
pub(crate) fn written(file: &CaseFile) -> Result<Vec<u8>, Unwritten> {
    let fonts = Fonts::shipped()?;
    let layout = pages::set(file, &fonts);
    let mut document = Document::new_with(settings()?);
    let mut blocks: Vec<Vec<Node>> = vec![Vec::new(); layout.blocks.len()];
    for page in &layout.pages {
        draw(&mut document, page, &fonts, &mut blocks)?;
    }
    document.set_outline(outline(&layout));
    document.set_tag_tree(tree(&layout, blocks));
    document.set_metadata(
        Metadata::new()
            .title(words::title(&file.number))
            .authors(vec![file.hall.clone()])
            .producer("Unionhall".to_owned())
            .creation_date(date(&file.made_at)?)
            .language(LANGUAGE.to_owned()),
    );
    let finished = document.finish();
    finished.map_err(|error| unwritten(&format!("{error:?}")))
}

/// When the file was asked for: the day that the document says it is of.
fn date(made_at: &str) -> Result<DateTime, Unwritten> {
    let at: Timestamp = made_at
        .parse()
        .map_err(|error: jiff::Error| Unwritten(error.into()))?;
    let at = at.to_zoned(TimeZone::UTC);
    let part = |part: i8| u8::try_from(part).unwrap_or_default();
    let year = u16::try_from(at.year()).unwrap_or_default();
    Ok(DateTime::new(year)
        .month(part(at.month()))
        .day(part(at.day()))
        .hour(part(at.hour()))
        .minute(part(at.minute()))
        .second(part(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0))
}

fn settings() -> Result<SerializeSettings, Unwritten> {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish();
    Ok(SerializeSettings {
        configuration: configuration.map_err(|error| unwritten(&format!("{error:?}")))?,
        ..SerializeSettings::default()
    })
}

fn draw(
    document: &mut Document,
    page: &Page,
    fonts: &Fonts,
    blocks: &mut [Vec<Node>],
) -> Result<(), Unwritten> {
    let settings = PageSettings::from_wh(SHEET.0, SHEET.1);
    let settings = settings.ok_or_else(|| unwritten("a sheet has no size"))?;
    let mut started = document.start_page_with(settings);
    let mut surface = started.surface();
    for y in &page.rules {
        rule(&mut surface, *y);
    }
    for line in page
        .lines
        .iter()
        .filter(|line| !line.text.trim().is_empty())
    {
        let tag = match line.block {
            Some(_) => ContentTag::Span(SpanTag::empty()),
            None => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer)),
        };
        let identifier = surface.start_tagged(tag);
        write(&mut surface, line, fonts);
        surface.end_tagged();
        if let Some(block) = line.block.and_then(|block| blocks.get_mut(block)) {
            block.push(identifier.into());
        }
    }
    surface.finish();
    started.finish();
    Ok(())
}

fn write(surface: &mut Surface<'_>, line: &Line, fonts: &Fonts) {
    surface.set_fill(Some(ink(line.shade)));
    surface.draw_text(
        Point::from_xy(line.x, line.y),
        fonts.of(line.face).drawn.clone(),
        line.size,
        &line.text,
        false,
        TextDirection::LeftToRight,
    );
}

/// A thin rule from edge to edge, which means nothing.
fn rule(surface: &mut Surface<'_>, y: f32) {
    let mut path = PathBuilder::new();
    path.move_to(EDGE, y);
    path.line_to(SHEET.0 - EDGE, y);
    let Some(path) = path.finish() else { return };
    let layout = Artifact::with_kind(ArtifactType::Layout);
    let _artifact = surface.start_tagged(ContentTag::Artifact(layout));
    surface.set_fill(None);
    surface.set_stroke(Some(Stroke {
        paint: luma::Color::new(170).into(),
        width: 0.6,
        ..Stroke::default()
    }));
    surface.draw_path(&path);
    surface.set_stroke(None);
    surface.end_tagged();
}

fn ink(shade: Shade) -> Fill {
    let lightness = match shade {
        Shade::Ink => 0,
        Shade::Gray => 90,
    };
    Fill {
        paint: luma::Color::new(lightness).into(),
        opacity: NormalizedF32::ONE,
        rule: FillRule::default(),
    }
}

/// The sections, to go to from beside the pages.
fn outline(layout: &Layout) -> Outline {
    let mut outline = Outline::new();
    for block in &layout.blocks {
        if block.role == Role::Section {
            let (page, y) = block.place;
            let place = XyzDestination::new(page, Point::from_xy(EDGE, y));
            outline.push_child(OutlineNode::new(block.words.clone(), place));
        }
    }
    outline
}

/// What belongs to what, in the order in which it is read.
fn tree(layout: &Layout, blocks: Vec<Vec<Node>>) -> TagTree {
    let mut tree = TagTree::new().with_lang(Some(LANGUAGE.to_owned()));
    for (block, lines) in layout.blocks.iter().zip(blocks) {
        tree.push(TagGroup::with_children(tag(block), lines));
    }
    tree
}

fn tag(block: &Block) -> TagKind {
    let heading = |level| {
        let level = NonZeroU16::MIN.saturating_add(level);
        TagKind::from(Tag::Hn(level, Some(block.words.clone())))
    };
    match block.role {
        Role::Title => heading(0),
        Role::Section => heading(1),
        Role::Entry => heading(2),
        Role::Text => Tag::P.into(),
    }
}

fn unwritten(why: &str) -> Unwritten {
    Unwritten(why.to_owned().into())
}
