//! The methods of a type that read or set one field, one line each.

/// Setters of the fields of their names, which can be chained: `pub fn seed(self, seed: u64);`. The value may also be
/// something that converts into the field: `impl Into<Vec<u64>>`.
macro_rules! setters {
    ($($(#[$doc:meta])* $vis:vis fn $field:ident(self, $value:ident: $type:ty);)+) => {$(
        $(#[$doc])*
        $vis fn $field(mut self, $value: $type) -> Self {
            self.$field = Into::into($value);
            self
        }
    )+};
}

/// Getters of the fields of their names: `pub fn name(&self) -> &str;` borrows the field, `pub fn layer(&self) -> usize;`
/// copies it.
macro_rules! getters {
    () => {};
    ($(#[$doc:meta])* $vis:vis fn $field:ident(&self) -> &$type:ty; $($rest:tt)*) => {
        $(#[$doc])*
        $vis fn $field(&self) -> &$type {
            &self.$field
        }
        getters! { $($rest)* }
    };
    ($(#[$doc:meta])* $vis:vis fn $field:ident(&self) -> $type:ty; $($rest:tt)*) => {
        $(#[$doc])*
        $vis fn $field(&self) -> $type {
            self.$field
        }
        getters! { $($rest)* }
    };
}
