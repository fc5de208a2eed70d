//! When a dependency is part of the build.

use proc_macro2::TokenStream;

/// What the manifest says about when a dependency is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Condition {
    /// Always.
    Always,
    /// When this `cfg` predicate holds for the crate being compiled.
    When(String),
    /// Under something that no `cfg` of a crate can express.
    Unknown,
}

/// The keys that mean the same in a target table as in the crate: those that the target alone decides. `test`,
/// `debug_assertions` and `feature` do not: Cargo asks a compiler that has not heard of them yet.
const TARGET_KEYS: [&str; 15] = [
    "all",
    "any",
    "not",
    "true",
    "false",
    "unix",
    "windows",
    "target_os",
    "target_arch",
    "target_family",
    "target_env",
    "target_vendor",
    "target_abi",
    "target_endian",
    "target_pointer_width",
];

impl Condition {
    /// The condition of a table `[target.'...'.dependencies]`.
    pub(super) fn of_target(target: &str) -> Self {
        let Some(predicate) = target.trim().strip_prefix("cfg(").and_then(|rest| rest.strip_suffix(')'))
        else {
            return Self::Unknown;
        };
        let outside_of_strings = predicate.split('"').step_by(2);
        let known = outside_of_strings
            .flat_map(|text| text.split(|c: char| !(c.is_alphanumeric() || c == '_')))
            .filter(|word| !word.is_empty())
            .all(|word| TARGET_KEYS.contains(&word));
        if known && predicate.parse::<TokenStream>().is_ok_and(|tokens| !tokens.is_empty()) {
            Self::When(predicate.to_owned())
        } else {
            Self::Unknown
        }
    }

    /// The condition of an optional dependency that any of `features` brings in.
    pub(super) fn of_features(features: &[&str]) -> Self {
        match features {
            [] => Self::Unknown,
            _ => Self::any(features.iter().map(|feature| format!("feature = {feature:?}"))),
        }
    }

    fn any(predicates: impl Iterator<Item = String>) -> Self {
        let mut predicates: Vec<String> = predicates.collect();
        predicates.dedup();
        match &predicates[..] {
            [one] => Self::When(one.clone()),
            _ => Self::When(format!("any({})", predicates.join(", "))),
        }
    }

    /// Both hold.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Always, other) | (other, Self::Always) => other,
            (Self::When(one), Self::When(other)) => Self::When(format!("all({one}, {other})")),
        }
    }

    /// At least one holds: the same dependency stands in several tables.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Always, _) | (_, Self::Always) => Self::Always,
            (Self::Unknown, other) | (other, Self::Unknown) => other,
            (Self::When(one), Self::When(other)) => Self::any([one, other].into_iter()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Condition;

    fn when(predicate: &str) -> Condition {
        Condition::When(predicate.to_owned())
    }

    #[test]
    fn a_cfg_of_the_target_is_a_cfg_of_the_crate() {
        assert_eq!(Condition::of_target("cfg(unix)"), when("unix"));
        assert_eq!(
            Condition::of_target("cfg(all(not(windows), target_os = \"test\"))"),
            when("all(not(windows), target_os = \"test\")")
        );
    }

    #[test]
    fn what_cargo_and_the_crate_may_answer_differently_is_unknown() {
        for target in [
            "x86_64-unknown-linux-gnu",
            "cfg(test)",
            "cfg(debug_assertions)",
            "cfg(feature = \"x\")",
            "cfg())",
            "cfg()",
        ] {
            assert_eq!(Condition::of_target(target), Condition::Unknown, "{target}");
        }
    }

    #[test]
    fn conditions_combine() {
        let unix = when("unix");
        let x = Condition::of_features(&["x"]);
        assert_eq!(x, when("feature = \"x\""));
        assert_eq!(Condition::of_features(&["x", "y"]), when("any(feature = \"x\", feature = \"y\")"));
        assert_eq!(Condition::of_features(&[]), Condition::Unknown);
        assert_eq!(unix.clone().and(x.clone()), when("all(unix, feature = \"x\")"));
        assert_eq!(unix.clone().or(x), when("any(unix, feature = \"x\")"));
        assert_eq!(unix.clone().or(unix.clone()), unix);
        assert_eq!(unix.clone().and(Condition::Always), unix);
        assert_eq!(unix.clone().or(Condition::Always), Condition::Always);
        assert_eq!(unix.clone().and(Condition::Unknown), Condition::Unknown);
        assert_eq!(unix.clone().or(Condition::Unknown), unix);
    }
}
