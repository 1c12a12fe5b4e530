//! Headers of any framework.

use http::{HeaderMap, HeaderName};

/// Header lookup, over the header map of any framework.
///
/// Implemented for [`http::HeaderMap`], for slices of name-value pairs, and with the
/// feature `actix-web` for actix-web's `HeaderMap`. For a framework with another version
/// of `http`, write one line per method:
///
/// ```
/// use http::HeaderName;
/// use zaphook::Headers;
///
/// # mod framework {
/// #     pub struct HeaderMap;
/// #     impl HeaderMap {
/// #         pub fn get_all(&self, _: &str) -> Vec<&[u8]> { Vec::new() }
/// #         pub fn iter(&self) -> Vec<(&str, &[u8])> { Vec::new() }
/// #     }
/// # }
/// struct Adapter<'a>(&'a framework::HeaderMap);
///
/// impl Headers for Adapter<'_> {
///     fn values<'a>(&'a self, name: &HeaderName, each: &mut dyn FnMut(&'a [u8])) {
///         self.0.get_all(name.as_str()).into_iter().for_each(each);
///     }
///
///     fn each<'a>(&'a self, each: &mut dyn FnMut(&'a str, &'a [u8])) {
///         self.0.iter().into_iter().for_each(|(name, value)| each(name, value));
///     }
/// }
/// ```
pub trait Headers: Sync {
    /// Calls `each` with every value of the header, in the order received.
    /// Names are case-insensitive; `name.as_str()` is lower-case.
    fn values<'a>(&'a self, name: &HeaderName, each: &mut dyn FnMut(&'a [u8]));

    /// Calls `each` with every header and its name, in the order received, for
    /// code that keeps whole requests. A map that cannot list its names calls
    /// nothing; the headers that this crate knows are then looked up one by
    /// one.
    fn each<'a>(&'a self, each: &mut dyn FnMut(&'a str, &'a [u8]));
}

impl<H: Headers + ?Sized> Headers for &H {
    fn values<'a>(&'a self, name: &HeaderName, each: &mut dyn FnMut(&'a [u8])) {
        (**self).values(name, each);
    }

    fn each<'a>(&'a self, each: &mut dyn FnMut(&'a str, &'a [u8])) {
        (**self).each(each);
    }
}

impl Headers for HeaderMap {
    fn values<'a>(&'a self, name: &HeaderName, each: &mut dyn FnMut(&'a [u8])) {
        self.get_all(name).iter().for_each(|value| each(value.as_bytes()));
    }

    fn each<'a>(&'a self, each: &mut dyn FnMut(&'a str, &'a [u8])) {
        self.iter().for_each(|(name, value)| each(name.as_str(), value.as_bytes()));
    }
}

#[cfg(feature = "actix-web")]
#[cfg_attr(docsrs, doc(cfg(feature = "actix-web")))]
impl Headers for actix_web::http::header::HeaderMap {
    fn values<'a>(&'a self, name: &HeaderName, each: &mut dyn FnMut(&'a [u8])) {
        self.get_all(name.as_str()).for_each(|value| each(value.as_bytes()));
    }

    fn each<'a>(&'a self, each: &mut dyn FnMut(&'a str, &'a [u8])) {
        self.iter().for_each(|(name, value)| each(name.as_str(), value.as_bytes()));
    }
}

impl<N: AsRef<str> + Sync, V: AsRef<[u8]> + Sync> Headers for [(N, V)] {
    fn values<'a>(&'a self, name: &HeaderName, each: &mut dyn FnMut(&'a [u8])) {
        self.iter()
            .filter(|(candidate, _)| candidate.as_ref().eq_ignore_ascii_case(name.as_str()))
            .for_each(|(_, value)| each(value.as_ref()));
    }

    fn each<'a>(&'a self, each: &mut dyn FnMut(&'a str, &'a [u8])) {
        self.iter().for_each(|(name, value)| each(name.as_ref(), value.as_ref()));
    }
}

impl<N: AsRef<str> + Sync, V: AsRef<[u8]> + Sync, const LEN: usize> Headers for [(N, V); LEN] {
    fn values<'a>(&'a self, name: &HeaderName, each: &mut dyn FnMut(&'a [u8])) {
        self.as_slice().values(name, each);
    }

    fn each<'a>(&'a self, each: &mut dyn FnMut(&'a str, &'a [u8])) {
        self.as_slice().each(each);
    }
}

impl<N: AsRef<str> + Sync, V: AsRef<[u8]> + Sync> Headers for Vec<(N, V)> {
    fn values<'a>(&'a self, name: &HeaderName, each: &mut dyn FnMut(&'a [u8])) {
        self.as_slice().values(name, each);
    }

    fn each<'a>(&'a self, each: &mut dyn FnMut(&'a str, &'a [u8])) {
        self.as_slice().each(each);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(headers: &dyn Headers, name: &'static str) -> Vec<String> {
        let mut found = Vec::new();
        headers.values(&HeaderName::from_static(name), &mut |value| {
            found.push(String::from_utf8_lossy(value).into_owned());
        });
        found
    }

    #[test]
    fn names_have_no_case_and_values_keep_their_order() {
        let pairs = vec![("X-Token", "a"), ("x-other", "b"), ("x-TOKEN", "c")];
        assert_eq!(all(&pairs, "x-token"), ["a", "c"]);
        let slice: &[(&str, &str)] = &pairs;
        assert_eq!(all(&slice, "x-token"), ["a", "c"]);
        assert_eq!(all(&[("X-Token", "a")], "x-other"), [""; 0]);

        let mut map = HeaderMap::new();
        map.append("x-token", "a".parse().unwrap());
        map.append("x-token", "c".parse().unwrap());
        assert_eq!(all(&map, "x-token"), ["a", "c"]);
    }

    #[test]
    fn every_header_is_handed_over_with_its_name() {
        fn each(headers: &dyn Headers) -> Vec<String> {
            let mut found = Vec::new();
            headers.each(&mut |name, value| {
                found.push(format!("{name}={}", String::from_utf8_lossy(value)));
            });
            found
        }

        let pairs = [("X-Token", "a"), ("x-other", "b"), ("x-TOKEN", "c")];
        let expected = ["X-Token=a", "x-other=b", "x-TOKEN=c"];
        assert_eq!(each(&pairs), expected);
        assert_eq!(each(&pairs.as_slice()), expected);
        assert_eq!(each(&pairs.to_vec()), expected);
        let mut map = HeaderMap::new();
        map.append("x-token", "a".parse().unwrap());
        map.append("x-token", "c".parse().unwrap());
        assert_eq!(each(&&map), ["x-token=a", "x-token=c"]);
    }

    #[cfg(feature = "actix-web")]
    #[test]
    fn the_headers_of_actix_are_headers() {
        use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

        let mut map = HeaderMap::new();
        for value in ["a", "c"] {
            map.append(HeaderName::from_static("x-token"), HeaderValue::from_static(value));
        }
        assert_eq!(all(&map, "x-token"), ["a", "c"]);
        assert_eq!(all(&map, "x-other"), [""; 0]);
        let mut found = Vec::new();
        map.each(&mut |name, value| found.push((name.to_owned(), value.to_vec())));
        let pair = |value: &[u8]| ("x-token".to_owned(), value.to_vec());
        assert_eq!(found, [pair(b"a"), pair(b"c")]);
    }
}
