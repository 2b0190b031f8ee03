//! A phone that shows codes, computed here from RFC 4226 and RFC 6238 alone, and how it is set up.

use ring::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, Key, sign};
use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{
    TestApp,
    app::{Answer, PASSWORD},
};

/// What a phone knows.
pub(super) struct Phone {
    secret: Vec<u8>,
}

impl Phone {
    /// A phone into which this secret was typed.
    pub(super) fn with(base32: &str) -> Self {
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let bits: String = base32
            .chars()
            .map(|letter| alphabet.find(letter).expect("a letter of base32"))
            .map(|value| format!("{value:05b}"))
            .collect();
        let byte = |bits: &[u8]| {
            let text = std::str::from_utf8(bits).expect("zeros and ones");
            u8::from_str_radix(text, 2).expect("eight bits")
        };
        let secret: Vec<_> = bits.as_bytes().chunks_exact(8).map(byte).collect();
        assert_eq!(secret.len(), 20);
        Self { secret }
    }

    /// What it shows so many steps from now.
    pub(super) fn code(&self, app: &TestApp, steps: i64) -> String {
        self.at(app.now().as_second() / 30 + steps)
    }

    /// A code that it shows at no time near this.
    pub(super) fn wrong_code(&self, app: &TestApp) -> String {
        let near: Vec<_> = (-4..=4).map(|steps| self.code(app, steps)).collect();
        let mut codes = (0..).map(|number| format!("{number:06}"));
        codes
            .find(|code| !near.contains(code))
            .expect("nine codes are not all")
    }

    /// The secret as a dump of the database would show it.
    pub(super) fn hexadecimal(&self) -> String {
        self.secret
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    fn at(&self, step: i64) -> String {
        let key = Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.secret);
        let mac = sign(&key, &step.to_be_bytes());
        let mac = mac.as_ref();
        let offset = usize::from(mac[19] & 15);
        let word = mac[offset..offset + 4]
            .iter()
            .fold(0_u32, |word, byte| (word << 8) | u32::from(*byte));
        format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
    }
}

/// The address of the local's person with this role.
pub(super) fn email(app: &TestApp, role: Role) -> String {
    app.local.person(role).email.as_str().to_owned()
}

/// Sets a second factor up for the local's person with this role, who is signed in with the password alone.
pub(super) fn enrol(app: &TestApp, role: Role) -> (Phone, Vec<String>) {
    let person = app.as_role(role);
    let begun = person.post("/me/second-factor", &json!({"password": PASSWORD}));
    let phone = Phone::with(&begun.expect(200).text_at("/secret"));
    let code = phone.code(app, 0);
    let confirmed = person.post("/me/second-factor/confirm", &json!({"code": code}));
    let codes = texts_at(&confirmed.expect(200).json(), "/recovery_codes");
    (phone, codes)
}

/// The right password, with the token of a device if there is one.
pub(super) fn sign_in(app: &TestApp, email: &str, device_token: Option<&str>) -> Answer {
    let body = json!({"email": email, "password": PASSWORD, "device_token": device_token});
    app.anonymous().post("/auth/login", &body).expect(200)
}

/// Lets the present code of every phone count again, as if half a minute had gone by.
pub(super) fn forget_step(app: &TestApp) {
    app.database()
        .execute("update second_factors set last_step = 1 where confirmed_at is not null");
}

/// The texts in a list.
pub(super) fn texts_at(body: &Value, pointer: &str) -> Vec<String> {
    let list = body.pointer(pointer).and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(|text| text.as_str().map(str::to_owned))
        .collect()
}
