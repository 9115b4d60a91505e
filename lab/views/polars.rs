// polars as rust-analyzer in the kernel sees it: the types of a data frame and their most used methods, at the paths
// they have in polars. The real polars does the work, and the compiler never sees this file: it only gives rust-analyzer
// the type of `let`, so methods have no bodies.

/// A data frame of columns with names: `df!("x" => [1, 2], "y" => ["a", "b"])?`.
#[macro_export]
macro_rules! df {
    ($($name:expr => $values:expr),+ $(,)?) => {
        $crate::prelude::DataFrame::new_infer_height(vec![
            $($crate::prelude::Column::new($name.into(), $values),)+
        ])
    };
}

pub mod error {
    #[derive(Debug)]
    pub struct PolarsError;
    impl std::fmt::Display for PolarsError {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result;
    }
    impl std::error::Error for PolarsError {}
    pub type PolarsResult<T> = Result<T, PolarsError>;
}

pub mod frame {
    pub use self::column::Column;
    use crate::error::PolarsResult;
    use crate::prelude::*;

    /// A table of named columns of one length.
    #[derive(Clone, Debug)]
    pub struct DataFrame;
    impl DataFrame {
        pub fn new(height: usize, columns: Vec<Column>) -> PolarsResult<Self>;
        pub fn new_infer_height(columns: Vec<Column>) -> PolarsResult<Self>;
        /// The number of rows.
        pub fn height(&self) -> usize;
        /// The number of columns.
        pub fn width(&self) -> usize;
        /// Rows and columns.
        pub fn shape(&self) -> (usize, usize);
        pub fn is_empty(&self) -> bool;
        pub fn columns(&self) -> &[Column];
        pub fn get_column_names(&self) -> Vec<&PlSmallStr>;
        pub fn get_column_names_owned(&self) -> Vec<PlSmallStr>;
        pub fn get_column_index(&self, name: &str) -> Option<usize>;
        pub fn dtypes(&self) -> Vec<DataType>;
        /// The column of this name.
        pub fn column(&self, name: &str) -> PolarsResult<&Column>;
        pub fn select_at_idx(&self, index: usize) -> Option<&Column>;
        /// The values of one row.
        pub fn get(&self, row: usize) -> Option<Vec<AnyValue<'_>>>;
        /// These columns only.
        pub fn select<I, S>(&self, names: I) -> PolarsResult<Self>;
        /// The rows where the mask is true.
        pub fn filter(&self, mask: &BooleanChunked) -> PolarsResult<Self>;
        /// The rows of these numbers.
        pub fn take(&self, rows: &IdxCa) -> PolarsResult<Self>;
        /// Sorted by these columns.
        pub fn sort<I, S>(&self, by: I, options: SortMultipleOptions) -> PolarsResult<Self>;
        pub fn head(&self, length: Option<usize>) -> Self;
        pub fn tail(&self, length: Option<usize>) -> Self;
        pub fn slice(&self, offset: i64, length: usize) -> Self;
        pub fn reverse(&self) -> Self;
        pub fn null_count(&self) -> Self;
        pub fn drop_nulls<S>(&self, subset: Option<&[S]>) -> PolarsResult<Self>;
        pub fn vstack(&self, other: &DataFrame) -> PolarsResult<Self>;
        pub fn hstack(&self, columns: &[Column]) -> PolarsResult<Self>;
        pub fn drop(&self, name: &str) -> PolarsResult<Self>;
        pub fn drop_in_place(&mut self, name: &str) -> PolarsResult<Column>;
        pub fn with_column(&mut self, column: Column) -> PolarsResult<&mut Self>;
        pub fn with_row_index(&self, name: PlSmallStr, offset: Option<IdxSize>) -> PolarsResult<Self>;
        pub fn rename(&mut self, column: &str, name: PlSmallStr) -> PolarsResult<&mut Self>;
        pub fn group_by<I, S>(&self, by: I) -> PolarsResult<GroupBy<'_>>;
        pub fn group_by_stable<I, S>(&self, by: I) -> PolarsResult<GroupBy<'_>>;
        pub fn equals(&self, other: &DataFrame) -> bool;
    }

    pub mod column {
        use crate::error::PolarsResult;
        use crate::prelude::*;

        /// A named column.
        #[derive(Clone, Debug)]
        pub struct Column;
        impl Column {
            pub fn new<V>(name: PlSmallStr, values: V) -> Self;
            pub fn name(&self) -> &PlSmallStr;
            pub fn with_name(self, name: PlSmallStr) -> Column;
            pub fn dtype(&self) -> &DataType;
            pub fn len(&self) -> usize;
            pub fn is_empty(&self) -> bool;
            pub fn null_count(&self) -> usize;
            pub fn get(&self, index: usize) -> PolarsResult<AnyValue<'_>>;
            pub fn bool(&self) -> PolarsResult<&BooleanChunked>;
            pub fn str(&self) -> PolarsResult<&StringChunked>;
            pub fn u32(&self) -> PolarsResult<&UInt32Chunked>;
            pub fn u64(&self) -> PolarsResult<&UInt64Chunked>;
            pub fn i32(&self) -> PolarsResult<&Int32Chunked>;
            pub fn i64(&self) -> PolarsResult<&Int64Chunked>;
            pub fn f32(&self) -> PolarsResult<&Float32Chunked>;
            pub fn f64(&self) -> PolarsResult<&Float64Chunked>;
            pub fn cast(&self, to: &DataType) -> PolarsResult<Column>;
            pub fn is_null(&self) -> BooleanChunked;
            pub fn is_not_null(&self) -> BooleanChunked;
            pub fn equal(&self, other: &Column) -> PolarsResult<BooleanChunked>;
            pub fn not_equal(&self, other: &Column) -> PolarsResult<BooleanChunked>;
            pub fn gt(&self, other: &Column) -> PolarsResult<BooleanChunked>;
            pub fn gt_eq(&self, other: &Column) -> PolarsResult<BooleanChunked>;
            pub fn lt(&self, other: &Column) -> PolarsResult<BooleanChunked>;
            pub fn lt_eq(&self, other: &Column) -> PolarsResult<BooleanChunked>;
            pub fn unique(&self) -> PolarsResult<Column>;
            pub fn sort(&self, options: SortOptions) -> PolarsResult<Column>;
            pub fn filter(&self, mask: &BooleanChunked) -> PolarsResult<Column>;
            pub fn drop_nulls(&self) -> Column;
            pub fn head(&self, length: Option<usize>) -> Column;
            pub fn slice(&self, offset: i64, length: usize) -> Column;
            pub fn into_frame(self) -> DataFrame;
            pub fn as_materialized_series(&self) -> &Series;
            pub fn take_materialized_series(self) -> Series;
        }
        crate::arithmetic!(Column);
    }
}

pub mod series {
    use crate::error::PolarsResult;
    use crate::prelude::*;

    /// A named sequence of values of one type.
    #[derive(Clone, Debug)]
    pub struct Series;
    impl Series {
        pub fn new<V>(name: PlSmallStr, values: V) -> Self;
        pub fn name(&self) -> &PlSmallStr;
        pub fn with_name(self, name: PlSmallStr) -> Series;
        pub fn dtype(&self) -> &DataType;
        pub fn len(&self) -> usize;
        pub fn is_empty(&self) -> bool;
        pub fn null_count(&self) -> usize;
        pub fn get(&self, index: usize) -> PolarsResult<AnyValue<'_>>;
        pub fn bool(&self) -> PolarsResult<&BooleanChunked>;
        pub fn str(&self) -> PolarsResult<&StringChunked>;
        pub fn i32(&self) -> PolarsResult<&Int32Chunked>;
        pub fn i64(&self) -> PolarsResult<&Int64Chunked>;
        pub fn f32(&self) -> PolarsResult<&Float32Chunked>;
        pub fn f64(&self) -> PolarsResult<&Float64Chunked>;
        pub fn cast(&self, to: &DataType) -> PolarsResult<Series>;
        pub fn sum<T>(&self) -> PolarsResult<T>;
        pub fn min<T>(&self) -> PolarsResult<Option<T>>;
        pub fn max<T>(&self) -> PolarsResult<Option<T>>;
        pub fn mean(&self) -> Option<f64>;
        pub fn median(&self) -> Option<f64>;
        pub fn std(&self, ddof: u8) -> Option<f64>;
        pub fn var(&self, ddof: u8) -> Option<f64>;
        pub fn n_unique(&self) -> PolarsResult<usize>;
        pub fn unique(&self) -> PolarsResult<Series>;
        pub fn sort(&self, options: SortOptions) -> PolarsResult<Series>;
        pub fn filter(&self, mask: &BooleanChunked) -> PolarsResult<Series>;
        pub fn drop_nulls(&self) -> Series;
        pub fn head(&self, length: Option<usize>) -> Series;
        pub fn into_frame(self) -> DataFrame;
        pub fn into_column(self) -> Column;
    }
    crate::arithmetic!(Series);
}

/// `a + b` of two columns or series can fail; with a number it cannot.
macro_rules! arithmetic {
    ($type:ident: $($trait:ident $method:ident),*) => {
        $(impl std::ops::$trait for $type {
            type Output = PolarsResult<$type>;
            fn $method(self, other: $type) -> PolarsResult<$type>;
        }
        impl<'a> std::ops::$trait<&'a $type> for &'a $type {
            type Output = PolarsResult<$type>;
            fn $method(self, other: &'a $type) -> PolarsResult<$type>;
        }
        crate::arithmetic!($type, $trait, $method: f64 f32 i32 i64 u32 u64);)*
    };
    ($type:ident, $trait:ident, $method:ident: $($number:ident)*) => {
        $(impl std::ops::$trait<$number> for $type {
            type Output = $type;
            fn $method(self, other: $number) -> $type;
        }
        impl std::ops::$trait<$number> for &$type {
            type Output = $type;
            fn $method(self, other: $number) -> $type;
        })*
    };
    ($type:ident) => {
        crate::arithmetic!($type: Add add, Sub sub, Mul mul, Div div, Rem rem);
    };
}
pub(crate) use arithmetic;

pub mod prelude {
    pub use crate::df;
    pub use crate::error::{PolarsError, PolarsResult};
    pub use crate::frame::DataFrame;
    pub use crate::frame::column::Column;
    pub use crate::series::Series;
    pub type IdxSize = u32;

    /// The values of a column, of one known type.
    #[derive(Clone, Debug)]
    pub struct ChunkedArray<T>(T);
    macro_rules! types {
        ($($kind:ident $chunked:ident $value:ty;)*) => {
            $(#[derive(Clone, Debug)]
            pub struct $kind;
            pub type $chunked = ChunkedArray<$kind>;
            impl ChunkedArray<$kind> {
                pub fn new<V>(name: PlSmallStr, values: V) -> Self;
                pub fn from_slice(name: PlSmallStr, values: &[$value]) -> Self;
                pub fn from_vec(name: PlSmallStr, values: Vec<$value>) -> Self;
                pub fn get(&self, index: usize) -> Option<$value>;
                pub fn iter(&self) -> std::vec::IntoIter<Option<$value>>;
                pub fn into_no_null_iter(&self) -> std::vec::IntoIter<$value>;
                pub fn to_vec(&self) -> Vec<Option<$value>>;
                pub fn sum(&self) -> Option<$value>;
                pub fn min(&self) -> Option<$value>;
                pub fn max(&self) -> Option<$value>;
            }
            impl<'a> IntoIterator for &'a ChunkedArray<$kind> {
                type Item = Option<$value>;
                type IntoIter = std::vec::IntoIter<Option<$value>>;
                fn into_iter(self) -> std::vec::IntoIter<Option<$value>>;
            })*
        };
    }
    types! {
        UInt32Type UInt32Chunked u32;
        UInt64Type UInt64Chunked u64;
        Int32Type Int32Chunked i32;
        Int64Type Int64Chunked i64;
        Float32Type Float32Chunked f32;
        Float64Type Float64Chunked f64;
    }
    pub type IdxCa = UInt32Chunked;
    pub struct BooleanType;
    pub type BooleanChunked = ChunkedArray<BooleanType>;
    pub struct StringType;
    pub type StringChunked = ChunkedArray<StringType>;
    impl BooleanChunked {
        pub fn get(&self, index: usize) -> Option<bool>;
        pub fn sum(&self) -> Option<IdxSize>;
        pub fn any(&self) -> bool;
        pub fn all(&self) -> bool;
        pub fn into_no_null_iter(&self) -> std::vec::IntoIter<bool>;
    }
    impl<'a> IntoIterator for &'a BooleanChunked {
        type Item = Option<bool>;
        type IntoIter = std::vec::IntoIter<Option<bool>>;
        fn into_iter(self) -> std::vec::IntoIter<Option<bool>>;
    }
    impl StringChunked {
        pub fn get(&self, index: usize) -> Option<&str>;
        pub fn iter(&self) -> std::vec::IntoIter<Option<&str>>;
        pub fn into_no_null_iter(&self) -> std::vec::IntoIter<&str>;
    }
    impl<'a> IntoIterator for &'a StringChunked {
        type Item = Option<&'a str>;
        type IntoIter = std::vec::IntoIter<Option<&'a str>>;
        fn into_iter(self) -> std::vec::IntoIter<Option<&'a str>>;
    }
    impl<T> ChunkedArray<T> {
        pub fn name(&self) -> &PlSmallStr;
        pub fn len(&self) -> usize;
        pub fn is_empty(&self) -> bool;
        pub fn null_count(&self) -> usize;
        pub fn mean(&self) -> Option<f64>;
        pub fn median(&self) -> Option<f64>;
        pub fn std(&self, ddof: u8) -> Option<f64>;
        pub fn var(&self, ddof: u8) -> Option<f64>;
        pub fn equal<R>(&self, other: R) -> BooleanChunked;
        pub fn not_equal<R>(&self, other: R) -> BooleanChunked;
        pub fn gt<R>(&self, other: R) -> BooleanChunked;
        pub fn gt_eq<R>(&self, other: R) -> BooleanChunked;
        pub fn lt<R>(&self, other: R) -> BooleanChunked;
        pub fn lt_eq<R>(&self, other: R) -> BooleanChunked;
        pub fn is_null(&self) -> BooleanChunked;
        pub fn is_not_null(&self) -> BooleanChunked;
        pub fn sort(&self, descending: bool) -> Self;
        pub fn unique(&self) -> PolarsResult<Self>;
        pub fn n_unique(&self) -> PolarsResult<usize>;
        pub fn into_series(self) -> Series;
        pub fn into_column(self) -> Column;
    }
    macro_rules! masks {
        ($($trait:ident $method:ident)*) => {
            $(impl std::ops::$trait for BooleanChunked {
                type Output = BooleanChunked;
                fn $method(self, other: BooleanChunked) -> BooleanChunked;
            }
            impl<'a> std::ops::$trait<&'a BooleanChunked> for &'a BooleanChunked {
                type Output = BooleanChunked;
                fn $method(self, other: &'a BooleanChunked) -> BooleanChunked;
            })*
        };
    }
    masks!(BitAnd bitand BitOr bitor BitXor bitxor);
    impl std::ops::Not for BooleanChunked {
        type Output = BooleanChunked;
        fn not(self) -> BooleanChunked;
    }
    impl std::ops::Not for &BooleanChunked {
        type Output = BooleanChunked;
        fn not(self) -> BooleanChunked;
    }

    /// How to sort a data frame.
    #[derive(Clone, Debug)]
    pub struct SortMultipleOptions;
    /// How to sort a column.
    #[derive(Clone, Debug)]
    pub struct SortOptions;
    macro_rules! options {
        ($($type:ident)*) => {
            $(impl $type {
                pub fn new() -> Self;
                pub fn with_order_descending(self, descending: bool) -> Self;
                pub fn with_nulls_last(self, last: bool) -> Self;
                pub fn with_maintain_order(self, maintain: bool) -> Self;
            }
            impl Default for $type {
                fn default() -> Self;
            })*
        };
    }
    options!(SortMultipleOptions SortOptions);

    /// The rows of a data frame in groups.
    #[derive(Clone, Debug)]
    pub struct GroupBy<'a>(&'a DataFrame);
    impl GroupBy<'_> {
        pub fn select<I>(self, columns: I) -> Self;
        pub fn keys(&self) -> Vec<Column>;
        pub fn mean(&self) -> PolarsResult<DataFrame>;
        pub fn sum(&self) -> PolarsResult<DataFrame>;
        pub fn min(&self) -> PolarsResult<DataFrame>;
        pub fn max(&self) -> PolarsResult<DataFrame>;
        pub fn median(&self) -> PolarsResult<DataFrame>;
        pub fn count(&self) -> PolarsResult<DataFrame>;
        pub fn std(&self, ddof: u8) -> PolarsResult<DataFrame>;
        pub fn var(&self, ddof: u8) -> PolarsResult<DataFrame>;
        pub fn apply<F>(&self, f: F) -> PolarsResult<DataFrame>;
    }

    #[derive(Clone, Debug, PartialEq)]
    pub enum DataType {
        Boolean,
        UInt32,
        UInt64,
        Int32,
        Int64,
        Float32,
        Float64,
        String,
        Null,
    }
    /// One value of any type.
    #[derive(Clone, Debug, PartialEq)]
    pub enum AnyValue<'a> {
        Null,
        Boolean(bool),
        String(&'a str),
        UInt32(u32),
        UInt64(u64),
        Int32(i32),
        Int64(i64),
        Float32(f32),
        Float64(f64),
    }
    impl AnyValue<'_> {
        pub fn try_extract<T>(&self) -> PolarsResult<T>;
        pub fn extract<T>(&self) -> Option<T>;
        pub fn get_str(&self) -> Option<&str>;
    }

    #[derive(Clone, Debug)]
    pub struct PlSmallStr;
    impl PlSmallStr {
        pub fn as_str(&self) -> &str;
        pub fn from_string(text: String) -> Self;
    }
    impl From<&str> for PlSmallStr {
        fn from(text: &str) -> Self;
    }
    impl From<String> for PlSmallStr {
        fn from(text: String) -> Self;
    }
    impl std::ops::Deref for PlSmallStr {
        type Target = str;
        fn deref(&self) -> &str;
    }
}
