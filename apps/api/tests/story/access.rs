//! Who may do what: one table for every operation of the contract, one for every frame that a
//! client can say. An operation or a frame without a row fails.

mod calls;
mod frames;
mod scene;

use std::collections::{BTreeMap, BTreeSet};

use clickclack_protocol::api::ProblemCode;
use clickclack_protocol::operations::{OPERATIONS, by_id};
use clickclack_trial::both;

use self::calls::Cell;
use self::scene::{Cast, Place, Scene, Standing};
use crate::town::Town;

/// A row: what is tried, where, and what comes of it for each [`Standing`] in turn.
///
/// - none: not signed in · shut: signed in with an account that was deactivated since
/// - else: somebody of another workspace · boss: the instance's administrator, no member here
/// - past: removed from the workspace, with a session from before
/// - gout, gin: a guest outside of the channel, and in it · mout, min: a member
/// - made: the member who made the channel, in it · admin: an admin outside · owner: in it
///
/// `ok` is the contract's success, a number the problem of that status, a word its code. The
/// archived channel is a public one.
const TABLE: &str = "
operation              where     none shut else boss past gout gin  mout min  made admin owner
getAuthProviders       -         ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
setUp                  -         done done done done done done done done done done done done
signUp                 -         ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
logIn                  -         ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
logInAsDemo            -         404  404  404  404  404  404  404  404  404  404  404  404
logOut                 -         401  401  ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
requestMagicLink       -         mail mail mail mail mail mail mail mail mail mail mail mail
consumeMagicLink       -         link link link link link link link link link link link link
getContract            -         ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
getHealth              -         ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
getReadiness           -         ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
getMetrics             -         ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok

listSessions           -         401  401  ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
revokeSession:another's -        401  401  404  404  404  404  404  404  404  404  404  404
getMe                  -         401  401  ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
updateMe               -         401  401  ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
changePassword:guessed -         401  401  cred cred cred cred cred cred cred cred cred cred
createTicket           -         401  401  ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
openSocket             -         401  401  ok   ok   ok   ok   ok   ok   ok   ok   ok   ok

listUsers              -         401  401  403  ok   403  403  403  403  403  403  403  403
getInstance            -         401  401  403  ok   403  403  403  403  403  403  403  403
updateInstance         -         401  401  403  ok   403  403  403  403  403  403  403  403
deactivateUser         -         401  401  403  ok   403  403  403  403  403  403  403  403
reactivateUser         -         401  401  403  ok   403  403  403  403  403  403  403  403

listWorkspaces         -         401  401  ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
createWorkspace        -         401  401  ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
getWorkspace           -         401  401  404  404  404  ok   ok   ok   ok   ok   ok   ok
updateWorkspace        -         401  401  404  404  404  403  403  403  403  403  ok   ok
getSnapshot            -         401  401  404  404  404  ok   ok   ok   ok   ok   ok   ok
updatePreferences      -         401  401  404  404  404  ok   ok   ok   ok   ok   ok   ok
listSaved              -         401  401  404  404  404  ok   ok   ok   ok   ok   ok   ok
listDrafts             -         401  401  404  404  404  ok   ok   ok   ok   ok   ok   ok
listMembers            -         401  401  404  404  404  ok   ok   ok   ok   ok   ok   ok
getUser                -         401  401  404  404  404  ok   ok   ok   ok   ok   ok   ok
getMyState             -         401  401  404  404  404  ok   ok   ok   ok   ok   ok   ok
listOnline             -         401  401  404  404  404  ok   ok   ok   ok   ok   ok   ok
listEvents             -         401  401  404  404  404  ok   ok   ok   ok   ok   ok   ok
updateMember:to-admin  -         401  401  404  404  404  403  403  403  403  403  ok   ok
updateMember:to-owner  -         401  401  404  404  404  403  403  403  403  403  403  ok
removeMember:another   -         401  401  404  404  404  403  403  403  403  403  ok   ok
removeMember:oneself   -         401  401  404  404  404  ok   ok   ok   ok   ok   ok   xfer
removeMember:the-owner -         401  401  404  404  404  403  403  403  403  403  403  xfer
listInvites            -         401  401  404  404  404  403  403  403  403  403  ok   ok
createInvite           -         401  401  404  404  404  403  403  403  403  403  ok   ok
revokeInvite           -         401  401  404  404  404  403  403  403  403  403  ok   ok
getInvite              -         ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok

listChannels           -         401  401  404  404  404  ok   ok   ok   ok   ok   ok   ok
createChannel          -         401  401  404  404  404  403  403  ok   ok   ok   ok   ok
getChannel             public    401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
getChannel             private   401  401  404  404  404  404  ok   404  ok   ok   404  ok
getChannel             archived  401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
updateChannel:topic    public    401  401  404  404  404  404  403  403  ok   ok   ok   ok
updateChannel:topic    private   401  401  404  404  404  404  403  404  ok   ok   404  ok
updateChannel:topic    archived  401  401  404  404  404  404  403  403  arch arch arch arch
updateChannel:name     public    401  401  404  404  404  404  403  403  403  ok   ok   ok
updateChannel:name     private   401  401  404  404  404  404  403  404  403  ok   404  ok
updateChannel:name     archived  401  401  404  404  404  404  403  403  403  arch arch arch
updateChannel:reopen   archived  401  401  404  404  404  404  403  403  403  ok   ok   ok
joinChannel            public    401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
joinChannel            private   401  401  404  404  404  404  ok   404  ok   ok   404  ok
joinChannel            archived  401  401  404  404  404  404  ok   arch ok   ok   arch ok
leaveChannel           public    401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
leaveChannel           private   401  401  404  404  404  404  ok   404  ok   ok   404  ok
leaveChannel           archived  401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
markRead               public    401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
markRead               private   401  401  404  404  404  404  ok   404  ok   ok   404  ok
markRead               archived  401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
markUnread             public    401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
markUnread             private   401  401  404  404  404  404  ok   404  ok   ok   404  ok
markUnread             archived  401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
listChannelMembers     public    401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
listChannelMembers     private   401  401  404  404  404  404  ok   404  ok   ok   404  ok
listChannelMembers     archived  401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
addChannelMember       public    401  401  404  404  404  404  403  403  ok   ok   403  ok
addChannelMember       private   401  401  404  404  404  404  403  404  ok   ok   404  ok
addChannelMember       archived  401  401  404  404  404  404  403  403  arch arch 403  arch
removeChannelMember    public    401  401  404  404  404  404  403  403  403  ok   ok   ok
removeChannelMember    private   401  401  404  404  404  404  403  404  403  ok   404  ok
removeChannelMember    archived  401  401  404  404  404  404  403  403  403  ok   ok   ok

listMessages           public    401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
listMessages           private   401  401  404  404  404  404  ok   404  ok   ok   404  ok
listMessages           archived  401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
sendMessage            public    401  401  404  404  404  404  ok   403  ok   ok   403  ok
sendMessage            private   401  401  404  404  404  404  ok   404  ok   ok   404  ok
sendMessage            archived  401  401  404  404  404  404  arch arch arch arch arch arch
getMessage             public    401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
getMessage             private   401  401  404  404  404  404  ok   404  ok   ok   404  ok
getMessage             archived  401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
editMessage            public    401  401  404  404  404  404  403  403  403  ok   403  403
editMessage            private   401  401  404  404  404  404  403  404  403  ok   404  403
editMessage            archived  401  401  404  404  404  404  arch arch arch arch arch arch
deleteMessage          public    401  401  404  404  404  404  403  403  403  ok   ok   ok
deleteMessage          private   401  401  404  404  404  404  403  404  403  ok   404  ok
deleteMessage          archived  401  401  404  404  404  404  403  403  403  ok   ok   ok
getMessageHistory      public    401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
getMessageHistory      private   401  401  404  404  404  404  ok   404  ok   ok   404  ok
getMessageHistory      archived  401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
sendEphemeral:thread   public    401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
sendEphemeral:thread   private   401  401  404  404  404  404  ok   404  ok   ok   404  ok
sendEphemeral:thread   archived  401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
listReactions          public    401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
listReactions          private   401  401  404  404  404  404  ok   404  ok   ok   404  ok
listReactions          archived  401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
addReaction            public    401  401  404  404  404  404  ok   403  ok   ok   403  ok
addReaction            private   401  401  404  404  404  404  ok   404  ok   ok   404  ok
addReaction            archived  401  401  404  404  404  404  arch arch arch arch arch arch
removeReaction         public    401  401  404  404  404  404  ok   403  ok   ok   403  ok
removeReaction         private   401  401  404  404  404  404  ok   404  ok   ok   404  ok
removeReaction         archived  401  401  404  404  404  404  arch arch arch arch arch arch
listPins               public    401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
listPins               private   401  401  404  404  404  404  ok   404  ok   ok   404  ok
listPins               archived  401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
pinMessage             public    401  401  404  404  404  404  ok   403  ok   ok   403  ok
pinMessage             private   401  401  404  404  404  404  ok   404  ok   ok   404  ok
pinMessage             archived  401  401  404  404  404  404  arch arch arch arch arch arch
unpinMessage           public    401  401  404  404  404  404  ok   403  ok   ok   403  ok
unpinMessage           private   401  401  404  404  404  404  ok   404  ok   ok   404  ok
unpinMessage           archived  401  401  404  404  404  404  arch arch arch arch arch arch
saveMessage            public    401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
saveMessage            private   401  401  404  404  404  404  ok   404  ok   ok   404  ok
saveMessage            archived  401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
unsaveMessage          public    401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
unsaveMessage          private   401  401  404  404  404  404  ok   404  ok   ok   404  ok
unsaveMessage          archived  401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
putDraft               public    401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
putDraft               private   401  401  404  404  404  404  ok   404  ok   ok   404  ok
putDraft               archived  401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
updateChannelPreferences public   401 401  404  404  404  404  ok   ok   ok   ok   ok   ok
updateChannelPreferences private  401 401  404  404  404  404  ok   404  ok   ok   404  ok
updateChannelPreferences archived 401 401  404  404  404  404  ok   ok   ok   ok   ok   ok
sendEphemeral          public    401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
sendEphemeral          private   401  401  404  404  404  404  ok   404  ok   ok   404  ok
sendEphemeral          archived  401  401  404  404  404  404  ok   ok   ok   ok   ok   ok

getThread              public    401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
getThread              private   401  401  404  404  404  404  ok   404  ok   ok   404  ok
getThread              archived  401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
sendReply              public    401  401  404  404  404  404  ok   403  ok   ok   403  ok
sendReply              private   401  401  404  404  404  404  ok   404  ok   ok   404  ok
sendReply              archived  401  401  404  404  404  404  arch arch arch arch arch arch
updateThread           public    401  401  404  404  404  404  403  403  403  ok   ok   ok
updateThread           private   401  401  404  404  404  404  403  404  403  ok   404  ok
updateThread           archived  401  401  404  404  404  404  403  403  403  arch arch arch
followThread           public    401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
followThread           private   401  401  404  404  404  404  ok   404  ok   ok   404  ok
followThread           archived  401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
unfollowThread         public    401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
unfollowThread         private   401  401  404  404  404  404  ok   404  ok   ok   404  ok
unfollowThread         archived  401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
markThreadRead         public    401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
markThreadRead         private   401  401  404  404  404  404  ok   404  ok   ok   404  ok
markThreadRead         archived  401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
markThreadUnread       public    401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
markThreadUnread       private   401  401  404  404  404  404  ok   404  ok   ok   404  ok
markThreadUnread       archived  401  401  404  404  404  404  ok   ok   ok   ok   ok   ok
listThreads            -         401  401  404  404  404  ok   ok   ok   ok   ok   ok   ok

acceptInvite           -         401  401  ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
";

/// A line of a table.
struct Row {
    /// The operation or frame, with a variant behind a colon.
    what: &'static str,
    place: Option<Place>,
    outcomes: Vec<&'static str>,
}

impl Row {
    fn name(&self) -> &'static str {
        self.what.split(':').next().expect("a split has a first part")
    }
}

fn rows(table: &'static str) -> Vec<Row> {
    let lines = table.lines().filter(|line| !line.is_empty()).skip(1);
    let rows = lines.map(|line| {
        let mut words = line.split_whitespace();
        let mut word = || words.next().expect("a row has a name and a place");
        let (what, place) = (word(), Place::named(word()));
        let outcomes: Vec<_> = words.collect();
        assert_eq!(outcomes.len(), Standing::ALL.len(), "a field is missing or too many: {line}");
        Row { what, place, outcomes }
    });
    rows.collect()
}

/// The code behind an outcome; `None` for success.
fn refusal(outcome: &str) -> Option<ProblemCode> {
    Some(match outcome {
        "ok" => return None,
        "401" => ProblemCode::Unauthenticated,
        "403" => ProblemCode::Forbidden,
        "404" => ProblemCode::NotFound,
        "arch" => ProblemCode::ChannelArchived,
        "xfer" => ProblemCode::OwnerMustTransfer,
        "done" => ProblemCode::SetupDone,
        "mail" => ProblemCode::MailNotConfigured,
        "link" => ProblemCode::LinkInvalid,
        "cred" => ProblemCode::CredentialsInvalid,
        other => panic!("no outcome is called {other}"),
    })
}

#[test]
fn every_operation_has_its_rows() {
    let mut places: BTreeMap<&str, BTreeSet<Option<Place>>> = BTreeMap::new();
    for row in rows(TABLE) {
        places.entry(row.name()).or_default().insert(row.place);
    }
    for operation in OPERATIONS {
        let known = places.remove(operation.id).unwrap_or_default();
        assert!(!known.is_empty(), "{} has no row", operation.id);
        let in_channel = ["{channel_id}", "{message_id}", "{root_id}"]
            .iter()
            .any(|id| operation.path.contains(id));
        let wanted = if in_channel { Place::ALL.len() } else { 1 };
        assert!(known.len() >= wanted, "{} needs a row for each kind of channel", operation.id);
    }
    assert!(places.is_empty(), "not in the contract: {places:?}");
}

both! {
    async fn everybody_may_do_what_the_table_says_and_nothing_else(database: &Database) {
        let town = Town::open(database).await;
        let cast = Cast::gather(&town).await;
        let mut wrong = Vec::new();
        let looking = Scene::open(&cast).await;
        // Whoever only looks changes nothing for the others. What changes something has a scene of
        // its own; there everybody tries in turn, each with what is still there to be tried.
        let mut scene = Scene::open(&cast).await;
        let mut of = "";
        let (reads, writes): (Vec<_>, Vec<_>) = rows(TABLE)
            .into_iter()
            .partition(|row| by_id(row.name()).is_some_and(|operation| operation.method == "GET"));
        for row in reads.iter().chain(&writes) {
            let reads = by_id(row.name()).is_some_and(|operation| operation.method == "GET");
            if !reads && row.what != of {
                of = row.what;
                scene = Scene::open(&cast).await;
            }
            let scene = if reads { &looking } else { &scene };
            for (standing, outcome) in Standing::ALL.into_iter().zip(&row.outcomes) {
                let cell = Cell { what: row.what, place: row.place, standing, cast: &cast, scene };
                let heard = cell.attempt(&town).await;
                if heard != refusal(outcome) {
                    let place = row.place;
                    wrong.push(format!("{} {place:?} {standing:?}: {heard:?}, not {outcome}", row.what));
                }
            }
        }
        assert!(wrong.is_empty(), "{} fields of the table are wrong: {wrong:#?}", wrong.len());
        town.close().await;
    }
}
