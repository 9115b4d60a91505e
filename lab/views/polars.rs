// polars as rust-analyzer in the kernel sees it: the types of a data frame, and their most used methods. The
// real polars does the work; this file only names types, so that `let` needs no annotation.

pub mod error {
    #[derive(Debug)]
    pub struct PolarsError;
    impl std::fmt::Display for PolarsError {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            loop {}
        }
    }
    impl std::error::Error for PolarsError {}
    pub type PolarsResult<T> = Result<T, PolarsError>;
}

pub mod frame {
    pub use self::column::Column;
    use crate::error::PolarsResult;
    use crate::prelude::{BooleanChunked, PlSmallStr};

    /// A table of named columns of one length.
    #[derive(Clone, Debug)]
    pub struct DataFrame;
    impl DataFrame {
        /// The number of rows.
        pub fn height(&self) -> usize {
            loop {}
        }
        /// The number of columns.
        pub fn width(&self) -> usize {
            loop {}
        }
        /// Rows and columns.
        pub fn shape(&self) -> (usize, usize) {
            loop {}
        }
        pub fn columns(&self) -> &[Column] {
            loop {}
        }
        pub fn get_column_names(&self) -> Vec<&PlSmallStr> {
            loop {}
        }
        /// The column of this name.
        pub fn column(&self, name: &str) -> PolarsResult<&Column> {
            loop {}
        }
        /// These columns only.
        pub fn select<I, S>(&self, names: I) -> PolarsResult<Self> {
            loop {}
        }
        /// The rows where the mask is true.
        pub fn filter(&self, mask: &BooleanChunked) -> PolarsResult<Self> {
            loop {}
        }
        /// Sorted by these columns.
        pub fn sort<A, B>(&self, by: A, options: B) -> PolarsResult<Self> {
            loop {}
        }
        pub fn head(&self, length: Option<usize>) -> Self {
            loop {}
        }
        pub fn tail(&self, length: Option<usize>) -> Self {
            loop {}
        }
        pub fn slice(&self, offset: i64, length: usize) -> Self {
            loop {}
        }
        pub fn vstack(&self, other: &DataFrame) -> PolarsResult<Self> {
            loop {}
        }
        pub fn hstack(&self, columns: &[Column]) -> PolarsResult<Self> {
            loop {}
        }
        pub fn drop(&self, name: &str) -> PolarsResult<Self> {
            loop {}
        }
    }

    pub mod column {
        use crate::error::PolarsResult;
        use crate::prelude::{BooleanChunked, Float64Chunked, Int64Chunked, PlSmallStr, StringChunked};
        use crate::series::Series;

        /// A named column.
        #[derive(Clone, Debug)]
        pub struct Column;
        impl Column {
            pub fn name(&self) -> &PlSmallStr {
                loop {}
            }
            pub fn len(&self) -> usize {
                loop {}
            }
            pub fn f64(&self) -> PolarsResult<&Float64Chunked> {
                loop {}
            }
            pub fn i64(&self) -> PolarsResult<&Int64Chunked> {
                loop {}
            }
            pub fn bool(&self) -> PolarsResult<&BooleanChunked> {
                loop {}
            }
            pub fn str(&self) -> PolarsResult<&StringChunked> {
                loop {}
            }
            pub fn unique(&self) -> PolarsResult<Column> {
                loop {}
            }
            pub fn head(&self, length: Option<usize>) -> Column {
                loop {}
            }
            pub fn as_materialized_series(&self) -> &Series {
                loop {}
            }
            pub fn take_materialized_series(self) -> Series {
                loop {}
            }
        }
    }
}

pub mod series {
    use crate::error::PolarsResult;

    /// A named sequence of values of one type.
    #[derive(Clone, Debug)]
    pub struct Series;
    impl Series {
        pub fn len(&self) -> usize {
            loop {}
        }
        pub fn sum<T>(&self) -> PolarsResult<T> {
            loop {}
        }
        pub fn min<T>(&self) -> PolarsResult<Option<T>> {
            loop {}
        }
        pub fn max<T>(&self) -> PolarsResult<Option<T>> {
            loop {}
        }
        pub fn mean(&self) -> Option<f64> {
            loop {}
        }
        pub fn median(&self) -> Option<f64> {
            loop {}
        }
        pub fn head(&self, length: Option<usize>) -> Series {
            loop {}
        }
    }
}

pub mod prelude {
    pub use crate::error::{PolarsError, PolarsResult};
    pub use crate::frame::DataFrame;
    pub use crate::frame::column::Column;
    pub use crate::series::Series;

    pub struct ChunkedArray<T>(T);
    impl<T> Clone for ChunkedArray<T> {
        fn clone(&self) -> Self {
            loop {}
        }
    }
    pub struct BooleanType;
    pub struct Float64Type;
    pub struct Int64Type;
    pub struct StringType;
    pub type BooleanChunked = ChunkedArray<BooleanType>;
    pub type Float64Chunked = ChunkedArray<Float64Type>;
    pub type Int64Chunked = ChunkedArray<Int64Type>;
    pub type StringChunked = ChunkedArray<StringType>;
    impl ChunkedArray<Float64Type> {
        pub fn gt<R>(&self, other: R) -> BooleanChunked {
            loop {}
        }
        pub fn lt<R>(&self, other: R) -> BooleanChunked {
            loop {}
        }
        pub fn equal<R>(&self, other: R) -> BooleanChunked {
            loop {}
        }
        pub fn mean(&self) -> Option<f64> {
            loop {}
        }
        pub fn sum(&self) -> Option<f64> {
            loop {}
        }
    }
    impl ChunkedArray<Int64Type> {
        pub fn gt<R>(&self, other: R) -> BooleanChunked {
            loop {}
        }
        pub fn lt<R>(&self, other: R) -> BooleanChunked {
            loop {}
        }
        pub fn equal<R>(&self, other: R) -> BooleanChunked {
            loop {}
        }
    }
    impl ChunkedArray<StringType> {
        pub fn equal<R>(&self, other: R) -> BooleanChunked {
            loop {}
        }
    }

    #[derive(Clone, Debug)]
    pub struct PlSmallStr;
    impl PlSmallStr {
        pub fn as_str(&self) -> &str {
            loop {}
        }
    }
    impl std::ops::Deref for PlSmallStr {
        type Target = str;
        fn deref(&self) -> &str {
            loop {}
        }
    }
}
