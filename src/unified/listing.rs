//! Lists that are read where they stand.

use std::fmt;
use std::iter::FusedIterator;

use super::address::Address;
use super::content::ContactCard;
use super::word::closed_words;
use crate::jid::Jid;
use crate::wire::List;

/// Declares an iterator over whatever a gateway keeps a list of things in. The
/// list answers by number, and so copies nothing.
macro_rules! listing {
    (
        $(#[$meta:meta])*
        pub struct $Name:ident of $Item:ty as $List:ident;
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy)]
        pub struct $Name<'a> {
            list: Option<&'a dyn $List>,
            next: usize,
        }

        pub(crate) trait $List: Sync {
            /// What is at this place; `None` after the last one.
            fn at(&self, place: usize) -> Option<$Item>;
        }

        impl<'a> $Name<'a> {
            #[allow(dead_code, reason = "not every gateway has such lists")]
            pub(crate) const NONE: Self = Self { list: None, next: 0 };

            #[allow(dead_code, reason = "not every gateway has such lists")]
            pub(crate) fn of(list: &'a dyn $List) -> Self {
                Self { list: Some(list), next: 0 }
            }

            #[allow(dead_code, reason = "not every gateway has such lists")]
            pub(crate) fn of_option(list: Option<&'a dyn $List>) -> Self {
                Self { list, next: 0 }
            }
        }

        impl FusedIterator for $Name<'_> {}

        impl fmt::Debug for $Name<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_list().entries(*self).finish()
            }
        }
    };
}

/// The iterator itself, which cannot be told the item's lifetime by the macro.
macro_rules! iterates {
    ($($Name:ident => $Item:ty,)+) => {
        $(impl<'a> Iterator for $Name<'a> {
            type Item = $Item;

            fn next(&mut self) -> Option<Self::Item> {
                let item = self.list?.at(self.next)?;
                self.next = self.next.saturating_add(1);
                Some(item)
            }
        })+
    };
}

listing! {
    /// Members of a group, as an iterator.
    pub struct Members of Member<'_> as MemberList;
}

listing! {
    /// Addresses, as an iterator.
    pub struct Addresses of Address<'_> as AddressList;
}

listing! {
    /// Contact cards, as an iterator.
    pub struct Contacts of ContactCard<'_> as CardList;
}

iterates! {
    Members => Member<'a>,
    Addresses => Address<'a>,
    Contacts => ContactCard<'a>,
}

impl MemberList for List<Jid> {
    fn at(&self, place: usize) -> Option<Member<'_>> {
        Some(Member::new(Address::whatsapp(self.get(place)?.as_str()), None))
    }
}

impl AddressList for List<Jid> {
    fn at(&self, place: usize) -> Option<Address<'_>> {
        Some(Address::whatsapp(self.get(place)?.as_str()))
    }
}

/// vCards, each a text of its own.
impl CardList for List<String> {
    fn at(&self, place: usize) -> Option<ContactCard<'_>> {
        Some(ContactCard::of_vcard(None, self.get(place)?))
    }
}

/// A member of a group.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Member<'a> {
    /// Who.
    pub address: Address<'a>,
    /// What they are there, where that is told.
    pub role: Option<Role>,
}

impl<'a> Member<'a> {
    #[allow(dead_code, reason = "not every gateway has groups")]
    pub(crate) fn new(address: Address<'a>, role: Option<Role>) -> Self {
        Self { address, role }
    }
}

closed_words! {
    /// The role of a member in a group.
    pub enum Role {
        /// A member.
        Member = "member",
        /// An admin.
        Admin = "admin",
        /// The one who owns the group.
        Owner = "owner",
    }
}

/// The names of answers of a poll, as an iterator. Answers without a name are
/// left out: [`unnamed`](Self::unnamed) counts them.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    list: Option<&'a dyn OptionList>,
    /// Only those that this person chose.
    of: Option<&'a str>,
    next: usize,
}

pub(crate) trait OptionList: Sync {
    /// How many answers there are.
    fn count(&self) -> usize;

    /// The name of the answer at this place; `None` where it has none.
    fn name(&self, place: usize) -> Option<&str>;

    /// Whether it was chosen; in a list of what is chosen, always.
    fn is_chosen_by(&self, _place: usize, _who: &str) -> bool {
        true
    }
}

impl OptionList for List<String> {
    fn count(&self) -> usize {
        self.len()
    }

    fn name(&self, place: usize) -> Option<&str> {
        self.get(place).map(String::as_str)
    }
}

impl<'a> Options<'a> {
    #[allow(dead_code, reason = "not every gateway has polls")]
    pub(crate) const NONE: Self = Self { list: None, of: None, next: 0 };

    #[allow(dead_code, reason = "not every gateway has polls")]
    pub(crate) fn of(list: &'a dyn OptionList) -> Self {
        Self { list: Some(list), of: None, next: 0 }
    }

    #[allow(dead_code, reason = "not every gateway has polls")]
    pub(crate) fn chosen_by(list: &'a dyn OptionList, who: &'a str) -> Self {
        Self { list: Some(list), of: Some(who), next: 0 }
    }

    /// How many answers are there that have no name.
    pub fn unnamed(&self) -> usize {
        let Some(list) = self.list else { return 0 };
        (0..list.count()).filter(|place| list.name(*place).is_none()).count()
    }
}

impl<'a> Iterator for Options<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let list = self.list?;
        while self.next < list.count() {
            let place = self.next;
            self.next = place.saturating_add(1);
            let name = list.name(place);
            if name.is_some() && self.of.is_none_or(|who| list.is_chosen_by(place, who)) {
                return name;
            }
        }
        None
    }
}

impl FusedIterator for Options<'_> {}

impl fmt::Debug for Options<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(*self).finish()
    }
}

/// Phone numbers of a contact card, as an iterator: digits, without `+`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Phones<'a> {
    written: &'a [String],
    vcard: &'a str,
}

impl<'a> Phones<'a> {
    #[allow(dead_code, reason = "only one gateway has a list of them")]
    pub(crate) fn of_list(written: &'a [String]) -> Self {
        Self { written, vcard: "" }
    }

    #[allow(dead_code, reason = "not every gateway has vCards")]
    pub(crate) fn of_vcard(vcard: &'a str) -> Self {
        Self { written: &[], vcard }
    }
}

impl<'a> Iterator for Phones<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        while let Some((first, rest)) = self.written.split_first() {
            self.written = rest;
            if let Some(phone) = crate::jid::JidRef::from_wire(first).phone() {
                return Some(phone);
            }
        }
        // WhatsApp puts the number of an account into a parameter of its own;
        // what follows is written for people.
        loop {
            let (_, rest) = self.vcard.split_once("waid=")?;
            let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
            let (digits, after) = rest.split_at_checked(end)?;
            self.vcard = after;
            if !digits.is_empty() {
                return Some(digits);
            }
        }
    }
}

impl FusedIterator for Phones<'_> {}
