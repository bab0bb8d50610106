//! What a hub promises beyond the stream of one reader.

use std::cell::RefCell;
use std::rc::Rc;

use clickclack_chat::live::Audience;
use clickclack_realtime::hub::{Accepted, Attached, Hub, RING, Ready, RingLimits, Subscriber};
use clickclack_realtime::outgoing::{Attachment, Delivery, Outgoing, Outlet, SessionKey};

use crate::names::{event, id, private, public, visibility};

/// Takes so many deliveries and no more.
#[derive(Debug, Clone)]
struct Outbox {
    got: Rc<RefCell<Vec<i64>>>,
    room: usize,
}

impl Outbox {
    fn with_room(room: usize) -> Self {
        Self { got: Rc::default(), room }
    }

    fn got(&self) -> Vec<i64> {
        self.got.borrow().clone()
    }
}

impl Outlet for Outbox {
    fn deliver(&self, outgoing: Outgoing) -> Delivery {
        if self.got.borrow().len() == self.room {
            return Delivery::Full;
        }
        if let Outgoing::Event { seq, .. } = outgoing {
            self.got.borrow_mut().push(seq);
        }
        Delivery::Delivered
    }
}

fn attach(hub: &mut Hub<Outbox>, user: u64, session: u64, as_of: i64, channels: &[u64]) -> Outbox {
    attach_with_room(hub, user, session, as_of, channels, usize::MAX)
}

fn attach_with_room(
    hub: &mut Hub<Outbox>,
    user: u64,
    session: u64,
    as_of: i64,
    channels: &[u64],
    room: usize,
) -> Outbox {
    let outlet = Outbox::with_room(room);
    let attached = hub.attach(Subscriber {
        attachment: Attachment { session: SessionKey(session), number: 1 },
        user_id: id(user),
        as_of,
        visibility: visibility(channels),
        outlet: outlet.clone(),
    });
    assert!(matches!(attached, Attached::Here { ended: None, .. }));
    outlet
}

fn ready(seq: i64, audience: Audience) -> Ready {
    Ready::new(&event(seq, audience, None))
}

#[test]
fn the_database_is_the_better_witness() {
    let mut hub = Hub::new(RING);
    let first = attach(&mut hub, 1, 1, 0, &[10]);
    let second = attach(&mut hub, 1, 2, 0, &[11]);
    hub.accept(ready(1, private(10)));
    hub.accept(ready(2, private(11)));
    assert_eq!((first.got(), second.got()), (vec![2], vec![2]));
}

#[test]
fn a_slow_reader_is_dropped_and_its_other_socket_is_not() {
    let mut hub = Hub::new(RING);
    let slow = attach_with_room(&mut hub, 1, 1, 0, &[], 2);
    let quick = attach(&mut hub, 1, 2, 0, &[]);
    let other = attach(&mut hub, 2, 3, 0, &[]);
    for seq in 1..=5 {
        assert_eq!(hub.accept(ready(seq, public(10))), Accepted::Delivered);
    }
    assert_eq!(slow.got(), [1, 2]);
    assert_eq!((quick.got(), other.got()), (vec![1, 2, 3, 4, 5], vec![1, 2, 3, 4, 5]));
    assert!(hub.has(id(1)));
}

#[test]
fn the_last_to_leave_is_forgotten() {
    let mut hub = Hub::new(RING);
    let gone = attach(&mut hub, 1, 1, 0, &[10]);
    hub.detach(id(1), Attachment { session: SessionKey(1), number: 1 });
    assert_eq!(hub.people(), 0);
    // The next one takes the seat, but not the channels.
    let next = attach(&mut hub, 2, 2, 0, &[]);
    hub.accept(ready(1, private(10)));
    assert_eq!((gone.got(), next.got()), (vec![], vec![]));
    assert!(!hub.sees(id(1), public(10)) && hub.sees(id(2), public(10)));
}

#[test]
fn the_ring_is_bounded_by_bytes_too() {
    let bytes = ready(1, public(10)).frame.as_str().len();
    let mut hub = Hub::new(RingLimits { events: 100, bytes: 3 * bytes });
    attach(&mut hub, 1, 1, 0, &[]);
    for seq in 1..=9 {
        hub.accept(ready(seq, public(10)));
    }
    let outlet = Outbox::with_room(9);
    let mut attach_as_of = |as_of| {
        let attachment = Attachment { session: SessionKey(9), number: 1 };
        let visibility = visibility(&[]);
        let outlet = outlet.clone();
        hub.attach(Subscriber { attachment, user_id: id(2), as_of, visibility, outlet })
    };
    assert_eq!(attach_as_of(5), Attached::Behind);
    let Attached::Here { tail, .. } = attach_as_of(6) else { panic!("the ring reaches to 7") };
    assert_eq!(tail.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), [7, 8, 9]);
}
