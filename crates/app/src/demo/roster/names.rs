//! What members of the demo halls are called and where they live.

/// Given names.
#[rustfmt::skip]
pub(super) const FIRST: [&str; 84] = [
    "Aaliyah", "Adrián", "Aiko", "Alan", "Amara", "Andrea", "Anneliese", "Anthony", "Astrid", "Beatriz",
    "Björn", "Brandon", "Brenda", "Caleb", "Camila", "Carlos", "Chantelle", "Charles", "Cheng", "Chloé",
    "Christopher", "Dale", "Danielle", "Daniel", "Deborah", "Delroy", "Denise", "Derek", "Diego", "Dolores",
    "Dwayne", "Edgar", "Eileen", "Emeka", "Eric", "Esperanza", "Faith", "Fatima", "François", "Gabriel",
    "Gary", "Glenn", "Gwendolyn", "Hannah", "Hector", "Hiroshi", "Ibrahim", "Inés", "Isaiah", "Jamal",
    "Janelle", "Jesús", "Joanna", "José", "Joseph", "Kalani", "Karen", "Keisha", "Kyle", "Lakshmi",
    "Latoya", "Leilani", "Linh", "Luis", "Małgorzata", "Marcus", "María", "Matthew", "Michelle", "Minh",
    "Nadia", "Noel", "Oleksandr", "Patrice", "Rafael", "Rebecca", "Renée", "Ryan", "Sione", "Søren",
    "Terrence", "Thu", "Tyrone", "Zoë",
];

/// Middle names and initials.
pub(super) const MIDDLE: [&str; 14] = [
    "A.", "Ann", "B.", "Elena", "J.", "James", "K.", "Lee", "Marie", "R.", "Ray", "Soledad", "T.",
    "Thomas",
];

/// Family names.
#[rustfmt::skip]
pub(super) const LAST: [&str; 108] = [
    "Abernathy", "Adeyemi", "Åkesson", "Alvarado", "Anderson", "Aquino", "Bailey", "Baptiste", "Begay", "Bergström",
    "Blackwood", "Bouchard-Lamb", "Brightwater", "Bui", "Callahan", "Camacho", "Carrasco", "Castañeda", "Chaudhry", "Chen",
    "Chukwu", "Corrigan", "Cruz-Delgado", "Dahl", "Dang", "D'Angelo", "Delacroix", "Díaz", "Dvořák", "Ellison",
    "Engström", "Estrada", "Fa'asavalu", "Farah", "Fitzgerald", "Flores", "Fujimoto", "Gallegos", "García-López", "Gebremariam",
    "Goldberg", "Gutiérrez", "Haddad", "Halvorsen", "Hansen", "Hawkins", "Hernández", "Higgins", "Holloway", "Hussein",
    "Ibarra", "Ito", "Jackson", "Jansen-Bryce", "Jørgensen", "Kealoha", "Kim", "Kowalczyk", "Lafleur", "Larsen",
    "Le", "Lewandowski", "Little-Thunder", "Mac Giolla", "Mahoney", "Márquez", "McAllister", "Medina", "Mendoza", "Mitchell",
    "Moreau", "Morrison", "Müller", "Nakamura", "Ng", "Nguyễn", "Nowak", "O'Brien", "O'Donnell", "Okonkwo",
    "Olsen", "Ortiz", "Palakiko", "Patel", "Peña", "Petrov", "Pham", "Quintero", "Ramírez", "Reyes",
    "Robinson", "Rossi", "Saito", "Salazar", "Sandoval", "Schröder", "Shevchenko", "Silva", "Singh", "Smith-Okada",
    "Sørensen", "Swenson", "Tafoya", "Thompson", "Tran", "Vang", "Washington", "Yazzie",
];

/// Streets.
#[rustfmt::skip]
pub(super) const STREETS: [&str; 28] = [
    "15th Ave NE", "23rd Ave S", "35th Ave SW", "Alder St", "Aurora Ave N", "Beacon Ave S", "Cedar Ave", "Delridge Way SW", "Evergreen Way", "Fremont Ave N",
    "Garden Pl", "Greenwood Ave N", "Holden St", "Juniper Ln", "Kitsap Way", "Lakeview Dr", "Maple Valley Rd", "Meridian Ave", "N 40th St", "Orchard St W",
    "Pacific Ave", "Rainier Ave S", "S Othello St", "Sunset Blvd NE", "Talbot Rd S", "Union Ave", "Wetmore Ave, Apt 4", "Yesler Way, Unit B",
];

/// Cities around Puget Sound with a postal code and the area code of their telephones.
pub(super) const CITIES: [(&str, &str, &str); 24] = [
    ("Seattle", "98103", "206"),
    ("Seattle", "98106", "206"),
    ("Seattle", "98118", "206"),
    ("Seattle", "98125", "206"),
    ("Seattle", "98144", "206"),
    ("Auburn", "98002", "253"),
    ("Bellevue", "98006", "425"),
    ("Bothell", "98011", "425"),
    ("Bremerton", "98312", "360"),
    ("Burien", "98166", "206"),
    ("Edmonds", "98020", "425"),
    ("Everett", "98201", "425"),
    ("Federal Way", "98003", "253"),
    ("Kent", "98030", "253"),
    ("Lakewood", "98499", "253"),
    ("Lynnwood", "98036", "425"),
    ("Marysville", "98270", "360"),
    ("Port Orchard", "98366", "360"),
    ("Puyallup", "98371", "253"),
    ("Renton", "98057", "425"),
    ("Shoreline", "98133", "206"),
    ("Tacoma", "98405", "253"),
    ("Tacoma", "98444", "253"),
    ("Tukwila", "98168", "206"),
];

/// What the hall has written down of some.
pub(super) const NOTES: [&str; 12] = [
    "Prefers text messages to calls.",
    "Holds a crane rigging card; ask before dispatch.",
    "Speaks Spanish; interprets at meetings when asked.",
    "Volunteers at the food bank on Saturdays.",
    "Mail comes back: confirm the address at the next meeting.",
    "Served on the by-laws committee.",
    "Travels from Port Orchard by ferry; no starts before 7:00.",
    "Certified for medium voltage terminations.",
    "Ran for the executive board at the last election.",
    "Out on parental leave until spring.",
    "Fire alarm licence renews every three years; remind in time.",
    "Lost tools in a jobsite theft; claim settled.",
];

/// A name as e-mail addresses have it: ASCII letters in lower case, accents and everything else gone.
pub(super) fn plain(name: &str) -> String {
    let letter = |c: char| match c {
        'á' | 'Å' | 'å' => 'a',
        'é' | 'ë' | 'ễ' => 'e',
        'í' => 'i',
        'ł' => 'l',
        'ñ' => 'n',
        'ó' | 'ö' | 'ø' => 'o',
        'ř' => 'r',
        'ú' | 'ü' => 'u',
        'ç' => 'c',
        other => other.to_ascii_lowercase(),
    };
    name.chars()
        .map(letter)
        .filter(char::is_ascii_alphabetic)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_name_keeps_every_letter() {
        for name in FIRST.iter().chain(&LAST) {
            let letters = name.chars().filter(|c| c.is_alphabetic()).count();
            assert_eq!(plain(name).len(), letters, "{name}");
        }
        assert_eq!(plain("Dvořák"), "dvorak");
        assert_eq!(plain("Fa'asavalu"), "faasavalu");
    }
}
