//! Names of enum variants, as options, records and tables use them.

/// Gives an enum without fields its names: `ALL`, `name`, `Display` and `FromStr`.
///
/// `names!(Border, "border", { Same: "same", Valid: "valid" });` names both variants. The text in the second place is
/// what errors call the option.
macro_rules! names {
    ($type:ident, $option:literal, { $($variant:ident: $name:literal),+ $(,)? }) => {
        impl $type {
            /// All variants.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            /// The name in options, records and tables.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.pad(self.name())
            }
        }

        impl std::str::FromStr for $type {
            type Err = $crate::error::Error;

            /// The variant of this [`name`](Self::name).
            ///
            /// # Errors
            /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) with all names, if there is none.
            fn from_str(text: &str) -> $crate::error::Result<Self> {
                Self::ALL.into_iter().find(|variant| variant.name() == text).ok_or_else(|| {
                    let names = Self::ALL.map(Self::name).join(", ");
                    $crate::error::Error::option($option, text, format!("it must be one of {names}"))
                })
            }
        }
    };
}

pub(crate) use names;
