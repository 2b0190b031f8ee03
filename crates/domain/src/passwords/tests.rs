//! Good passwords, bad ones, and what is said of them.

use proptest::prelude::*;

use super::*;

fn known() -> KnownWords {
    let ada = EmailAddress::parse("ada.voltz@sparkworks.example").unwrap();
    KnownWords::default()
        .address(&ada)
        .hall_called("Electrical Workers Local 46")
        .hall_called("local-46")
}

fn codes(password: &str, strength: Strength) -> Vec<&'static str> {
    let listed = |text: &str| ["correct horse battery", "trustno1"].contains(&text);
    let objections = objections(password, strength, &known(), listed);
    objections.iter().map(|objection| objection.code).collect()
}

#[test]
fn long_passwords_of_any_composition_are_taken() {
    for password in [
        "solidarity-forever",
        "solidarity-in-tests",
        "no capitals or digits here",
        "k3vn-8qtz-mm4p-w7yr-d2ha",
        "четыре слова о погоде",
        "四つの言葉はとても長い合言葉です",
        &"a good sentence, then another. ".repeat(4),
    ] {
        assert_eq!(
            codes(password, Strength::Alone),
            [""; 0],
            "{password}: {:?}",
            password.chars().count()
        );
    }
}

#[test]
fn fifteen_characters_alone_and_eight_beside_a_second_factor() {
    for (password, strength, expected) in [
        ("gravel-otter-7", Strength::Alone, &["too_short"][..]),
        ("gravel-otter-72", Strength::Alone, &[]),
        ("gravel7", Strength::WithSecondFactor, &["too_short"]),
        ("gravel-7", Strength::WithSecondFactor, &[]),
        ("", Strength::Alone, &["too_short"]),
    ] {
        assert_eq!(codes(password, strength), expected, "{password}");
    }
}

#[test]
fn characters_are_counted_and_not_bytes_or_the_ways_to_write_them() {
    // 15 letters of two bytes, and 14 of which one is written as two code points.
    assert_eq!(codes("жесткийпароль12", Strength::Alone), [""; 0]);
    let decomposed = "gravel-otte\u{301}r-7";
    assert_eq!(decomposed.chars().count(), 15);
    assert_eq!(codes(decomposed, Strength::Alone), ["too_short"]);
    let longest: String = "gravel otter, ".chars().cycle().take(LONGEST).collect();
    let longest = longest.replacen("gravel", "pebble", 1);
    assert_eq!(codes(&longest, Strength::Alone), [""; 0]);
    let longer = format!("{longest}x");
    assert_eq!(codes(&longer, Strength::Alone), ["too_long"]);
}

#[test]
fn what_is_on_the_list_is_refused_in_any_spelling() {
    for password in [
        "correct horse battery",
        "Correct Horse BATTERY",
        "ｃｏｒｒｅｃｔ horse battery",
    ] {
        assert_eq!(codes(password, Strength::Alone), ["common"], "{password}");
    }
    assert_eq!(codes("trustno1", Strength::WithSecondFactor), ["common"]);
}

#[test]
fn what_everybody_knows_of_the_person_or_the_hall_is_refused() {
    for password in [
        "ada.voltz rides at dawn",
        "Ada-Voltz rides at dawn",
        "welcome to sparkworks.example",
        "my SparkWorks pass phrase",
        "we love local 46 so much",
        "we love Local46 so much",
        "electrical-workers-local-46!!",
        "the UnionHall program",
    ] {
        let codes = codes(password, Strength::Alone);
        assert_eq!(codes, ["contains_known_word"], "{password}");
    }
    // A word of three letters is in too many others.
    let short = EmailAddress::parse("al@it.example").unwrap();
    let known = KnownWords::default().address(&short);
    let objections = objections("also it all falls down", Strength::Alone, &known, |_| false);
    assert_eq!(objections, []);
}

#[test]
fn one_piece_over_and_over_is_as_good_as_the_piece() {
    for password in [
        "aaaaaaaaaaaaaaa",
        "abababababababab",
        "passwordpassword",
        "Gravel7Gravel7Gravel7",
        "otter!otter!otter!ot",
        "1212121212121212",
    ] {
        assert_eq!(
            codes(password, Strength::Alone),
            ["repetitive"],
            "{password}"
        );
    }
    // A piece that is long enough may be said twice.
    let twice = "gravel-otter-72".repeat(2);
    assert_eq!(codes(&twice, Strength::Alone), [""; 0]);
}

#[test]
fn walks_along_the_alphabet_or_the_keyboard_are_refused() {
    for password in [
        "abcdefghijklmno",
        "987654321012345",
        "qwertyuiopasdfghjkl",
        "1234567890qwertyuiop",
        "zxcvbnmasdfghjkl1234",
        "aaabbbcccdddeeefff",
    ] {
        assert_eq!(codes(password, Strength::Alone), ["sequence"], "{password}");
    }
}

#[test]
fn what_is_said_of_a_password_never_repeats_it() {
    let password = "aaaa";
    for objection in objections(password, Strength::Alone, &known(), |_| true) {
        assert!(!objection.detail.contains(password), "{objection}");
    }
}

proptest! {
    #[test]
    fn any_text_is_judged_and_none_of_more_or_fewer_characters_is_taken(text in any::<String>()) {
        let length = normalized(&text).chars().count();
        let taken = codes(&text, Strength::Alone).is_empty();
        prop_assert!(!taken || (15..=LONGEST).contains(&length));
    }

    #[test]
    fn one_text_in_two_normal_forms_is_one_password(text in "\\PC{0,40}") {
        let decomposed: String = text.nfd().collect();
        prop_assert_eq!(normalized(&text), normalized(&decomposed));
        prop_assert_eq!(folded(&text), folded(&decomposed));
    }
}
