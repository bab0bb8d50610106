//! Who plays: a dozen people and a bot. Nobody of them exists.

use clickclack_chat::setup::{DEMO_EMAIL, DEMO_NAME};
use clickclack_protocol::api::Role;

/// Somebody in the play.
#[derive(Debug)]
pub(crate) struct Player {
    /// What the script calls them.
    pub(crate) handle: &'static str,
    /// What everybody else does.
    pub(crate) name: &'static str,
    pub(crate) role: Role,
}

impl Player {
    const fn new(handle: &'static str, name: &'static str, role: Role) -> Self {
        Self { handle, name, role }
    }

    /// The e-mail address; the owner is whoever signs in as the demo administrator.
    pub(crate) fn email(&self) -> String {
        match self.role {
            Role::Owner => DEMO_EMAIL.to_owned(),
            _ => format!("{}@tidepool.example", self.handle),
        }
    }
}

/// Everybody, the owner first.
pub(crate) const CAST: [Player; 13] = [
    Player::new("ana", DEMO_NAME, Role::Owner),
    Player::new("ben", "Ben Okafor", Role::Admin),
    Player::new("chi", "Chi Lin", Role::Member),
    Player::new("dev", "Dev Mehta", Role::Member),
    Player::new("eli", "Eli Strand", Role::Member),
    Player::new("fatou", "Fatou Diallo", Role::Member),
    Player::new("goran", "Goran Petrović", Role::Member),
    Player::new("hana", "Hana Sato", Role::Member),
    Player::new("ines", "Inês Carvalho", Role::Member),
    Player::new("kalani", "Kalani Akana", Role::Guest),
    Player::new("leila", "Leila Haddad", Role::Admin),
    Player::new("mateo", "Mateo Quispe", Role::Member),
    Player::new("shipbot", "Shipbot", Role::Bot),
];

/// The place of the owner, who is the demo administrator.
pub(crate) const OWNER: usize = 0;

/// The place of whom the script calls so.
pub(crate) fn find(handle: &str) -> Option<usize> {
    CAST.iter().position(|player| player.handle == handle)
}

/// The text with `@handle` made into `@Full Name`, as people type it; the server knows whom it
/// means.
pub(crate) fn call_by_name(text: &str) -> String {
    let mut called = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('@') {
        called.push_str(before);
        called.push('@');
        let end = after.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(after.len());
        let (handle, behind) = after.split_at(end);
        called.push_str(find(handle).map_or(handle, |place| CAST[place].name));
        rest = behind;
    }
    called.push_str(rest);
    called
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_called_by_their_names() {
        let called = call_by_name("@ben and @hana: ask @channel, or ana@tide.example");
        assert_eq!(called, "@Ben Okafor and @Hana Sato: ask @channel, or ana@tide.example");
    }

    #[test]
    fn the_owner_comes_first_and_nobody_twice() {
        assert_eq!(CAST[OWNER].role, Role::Owner);
        for (place, player) in CAST.iter().enumerate() {
            assert_eq!(find(player.handle), Some(place));
        }
    }
}
