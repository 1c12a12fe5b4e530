//! Media come inline: what a large body costs.

use zaphook::eazewa::Event;
use zaphook::{Delivery, EazeWa, Request, testing};

use super::{TOKEN, receiver, text};

/// A message with so many bytes of film, in base64, escaped as PHP does.
fn video(bytes: usize, slash: &str) -> String {
    let block = format!("AAAAIGZ0eXBpc29t{slash}{slash}79{slash}v38{slash}f3+");
    let unit = block.replace('\\', "").len();
    let base64 = block.repeat(bytes / 3 * 4 / unit);
    text("message.type_video").replace("AAAAIGZ0eXBpc29t", &base64)
}

fn data(event: &Event) -> &zaphook::wire::LazyBytes {
    match event {
        Event::Message(new) => &new.media.as_ref().unwrap().data,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_film_of_24_mib_is_kept_in_one_copy() {
    let body = bytes::Bytes::from(video(24 << 20, "/"));
    let size = u64::try_from(body.len()).unwrap();
    assert!(size > 32 << 20);
    let request = testing::eazewa(TOKEN, body);
    let request = Request::from(&request);
    let receiver = receiver();

    let mut delivery = None;
    let measured = allocation_counter::measure(|| delivery = receiver.receive(&request).ok());
    let per_mille = measured.bytes_max * 1000 / size;
    println!("peak of parsing: {per_mille} per mille of the body");
    assert!(per_mille <= 1200, "{per_mille} per mille of the body");
    let delivery: Delivery<EazeWa> = delivery.unwrap();

    // The event is readable without another copy, and without decoding it.
    let measured = allocation_counter::measure(|| {
        let message = delivery.event().message().unwrap();
        assert_eq!(message.duration, Some(31.0));
        assert_eq!(message.sender().unwrap(), "5511999990001@c.us");
        assert!(delivery.key().is_some() && delivery.message_key().is_some());
        assert!(!format!("{:?}", delivery.event()).contains("AAAA"));
        assert!(!data(delivery.event()).is_empty());
    });
    assert!(measured.bytes_max < 64 << 10, "{}", measured.bytes_max);
}

#[test]
fn a_film_is_decoded_on_demand() {
    let size = 384 << 10;
    for slash in ["/", "\\/"] {
        let delivery = Delivery::<EazeWa>::parse_trusted(video(size, slash)).unwrap();
        let film = data(delivery.event()).decode().unwrap();
        assert!(film.len().abs_diff(size) < 64, "{}", film.len());
        assert!(film.starts_with(b"\0\0\0 ftypisom"));
    }
}

/// What nobody asked for is not typed, and so not copied more than once.
#[test]
fn a_skipped_film_costs_no_more() {
    let body = bytes::Bytes::from(video(6 << 20, "/"));
    let request = testing::eazewa(TOKEN, body.clone());
    let request = Request::from(&request);
    let receiver = receiver().only([zaphook::eazewa::EventName::MessageAck]);
    let mut delivery = None;
    let measured = allocation_counter::measure(|| delivery = receiver.receive(&request).ok());
    assert!(delivery.is_some());
    assert!(measured.bytes_max * 10 <= u64::try_from(body.len()).unwrap() * 12);
}
