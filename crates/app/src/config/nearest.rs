//! The known name that was probably meant by one that is not known.

/// The name nearest to `name` by edits (insert, delete, replace; letters of either case are alike),
/// if it is at most a third of its length away or contains it whole.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    known
        .filter_map(|candidate| {
            let distance = distance(&name, &candidate.to_lowercase());
            let within = name.ends_with(&candidate.to_lowercase()) && candidate.len() > 4;
            let limit = name.chars().count() / 3;
            (distance <= limit || within).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The Levenshtein distance, one row at a time.
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut left = i + 1;
        let mut next = vec![left];
        for (b, (above_left, above)) in to.chars().zip(row.iter().zip(row.iter().skip(1))) {
            let replaced = above_left + usize::from(a != b);
            left = replaced.min(above + 1).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_counted_in_edits() {
        for (from, to, edits) in [
            ("", "abc", 3),
            ("kitten", "sitting", 3),
            ("listen", "listen", 0),
            ("lisen", "listen", 1),
        ] {
            assert_eq!(distance(from, to), edits, "{from} {to}");
            assert_eq!(distance(to, from), edits, "{to} {from}");
        }
    }

    #[test]
    fn a_typing_error_finds_its_name_and_a_stranger_finds_none() {
        let known = ["listen", "data_dir", "DATABASE_URL"];
        assert_eq!(nearest("lisen", known.into_iter()), Some("listen"));
        assert_eq!(
            nearest("UNIONHALL_DATABASE_URL", known.into_iter()),
            Some("DATABASE_URL")
        );
        assert_eq!(nearest("colour", known.into_iter()), None);
    }
}
