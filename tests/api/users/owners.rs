//! Who may decide on whom, and the owner who is always left, also when two are at it at once.

use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{
    TestApp,
    app::{Answer, Identity},
    sql::Sql,
};

use super::path;
use crate::{
    concurrency::{at_once, statuses},
    fixtures::{owner, reason, someone},
};

fn roles(name: &str) -> Value {
    json!({"roles": [{"role": name}]})
}

/// Everything that ends an ownership.
type End = fn(&Identity<'_>, &str) -> Answer;
const ENDS: [End; 4] = [
    |who, path| who.put(&format!("{path}/roles"), &roles("member")),
    |who, path| {
        let body = json!({"roles": [{"role": "owner", "expires_at": "2127-01-01T00:00:00Z"}]});
        who.put(&format!("{path}/roles"), &body)
    },
    |who, path| who.post(&format!("{path}/suspend"), &reason()),
    |who, path| who.delete(path),
];

#[test]
fn nobody_changes_their_own_place() {
    let app = TestApp::start();
    for role in [Role::Owner, Role::Admin] {
        let (who, path) = (app.as_role(role), path(&app, role));
        for end in ENDS {
            assert_eq!(end(&who, &path).expect(403).code(), "not_oneself");
        }
    }
}

#[test]
fn an_administrator_touches_no_owner_and_makes_none() {
    let app = TestApp::start();
    let admin = app.as_role(Role::Admin);
    let owner = path(&app, Role::Owner);
    for end in ENDS {
        assert_eq!(end(&admin, &owner).expect(403).code(), "above_own_role");
    }
    let staff = path(&app, Role::Staff);
    let made = admin.put(&format!("{staff}/roles"), &roles("owner"));
    assert_eq!(made.expect(403).code(), "above_own_role");
    admin
        .put(&format!("{staff}/roles"), &roles("admin"))
        .expect(200);
}

#[test]
fn one_owner_for_good_is_always_left() {
    let app = TestApp::start();
    let second = someone(&app, &app.local, "second@hall.example", Role::Owner);
    let second_path = format!("/users/{second}");
    let pair = app.sign_in("second@hall.example");
    let second = app.with_token(&pair.text_at("/access_token"));
    let first = path(&app, Role::Owner);
    // An owner for a while is none to rely on.
    let for_a_while = json!({"roles": [{"role": "owner", "expires_at": "2127-01-01T00:00:00Z"}]});
    owner(&app)
        .put(&format!("{second_path}/roles"), &for_a_while)
        .expect(200);
    for end in ENDS {
        assert_eq!(end(&second, &first).expect(409).code(), "last_owner");
    }
    owner(&app)
        .put(&format!("{second_path}/roles"), &roles("owner"))
        .expect(200);
    second.delete(&first).expect(204);
    owner(&app).get("/users").expect(401);
    second.act(&format!("{first}/restore")).expect(200);
}

#[test]
fn of_two_owners_who_end_each_other_at_once_one_is_left() {
    let app = TestApp::start();
    for (round, end) in ENDS.into_iter().enumerate() {
        let names = [
            format!("a{round}@hall.example"),
            format!("b{round}@hall.example"),
        ];
        let ids = names
            .clone()
            .map(|name| someone(&app, &app.local, &name, Role::Owner));
        let tokens = names.map(|name| app.sign_in(&name).text_at("/access_token"));
        // These two are the only owners.
        app.database().execute(&format!(
            "delete from membership_roles where role = 'owner' and user_id not in ('{}', '{}')",
            ids[0], ids[1]
        ));
        let answers = at_once(2, |index| {
            let who = app.with_token(&tokens[index]);
            end(&who, &format!("/users/{}", ids[1 - index]))
        });
        let statuses = statuses(&answers);
        assert!(statuses[0] < 300, "{answers:#?}");
        // The other one is refused: as the last owner's enemy, or because the sign-in has ended before.
        assert!(matches!(statuses[1], 401 | 403 | 409), "{answers:#?}");
        let left = Sql::connect(&app.database().owner_url()).number(
            "select count(*) from memberships m join membership_roles r using (tenant_id, user_id) \
             where m.state = 'active' and r.role = 'owner' and r.expires_at is null \
                and m.tenant_id = (select id from tenants where slug = 'local-46')",
        );
        assert_eq!(left, 1);
    }
}
