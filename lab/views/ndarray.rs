// ndarray as rust-analyzer in the kernel sees it: the types that occur in softness's signatures, and their
// simplest methods. The real ndarray does the work; this file only names types.

pub trait RawData {
    type Elem;
}
pub trait Data: RawData {}
pub trait Dimension {
    type Pattern;
    type Smaller;
}
pub struct OwnedRepr<A>(A);
pub struct ViewRepr<A>(A);
impl<A> RawData for OwnedRepr<A> {
    type Elem = A;
}
impl<A> Data for OwnedRepr<A> {}
impl<'a, A> RawData for ViewRepr<&'a A> {
    type Elem = A;
}
impl<'a, A> Data for ViewRepr<&'a A> {}
impl<'a, A> RawData for ViewRepr<&'a mut A> {
    type Elem = A;
}

#[derive(Clone, Debug)]
pub struct Dim<I>(I);
pub type Ix = usize;
pub type Ix0 = Dim<[Ix; 0]>;
pub type Ix1 = Dim<[Ix; 1]>;
pub type Ix2 = Dim<[Ix; 2]>;
pub type Ix3 = Dim<[Ix; 3]>;
pub type Ix4 = Dim<[Ix; 4]>;
impl Dimension for Dim<[Ix; 0]> {
    type Pattern = ();
    type Smaller = Ix0;
}
impl Dimension for Dim<[Ix; 1]> {
    type Pattern = usize;
    type Smaller = Ix0;
}
impl Dimension for Dim<[Ix; 2]> {
    type Pattern = (usize, usize);
    type Smaller = Ix1;
}
impl Dimension for Dim<[Ix; 3]> {
    type Pattern = (usize, usize, usize);
    type Smaller = Ix2;
}
impl Dimension for Dim<[Ix; 4]> {
    type Pattern = (usize, usize, usize, usize);
    type Smaller = Ix3;
}

#[derive(Clone, Copy, Debug)]
pub struct Axis(pub usize);

pub struct ArrayBase<S: RawData, D> {
    data: S,
    dim: D,
}
pub type Array<A, D> = ArrayBase<OwnedRepr<A>, D>;
pub type Array1<A> = Array<A, Ix1>;
pub type Array2<A> = Array<A, Ix2>;
pub type Array3<A> = Array<A, Ix3>;
pub type Array4<A> = Array<A, Ix4>;
pub type ArrayView<'a, A, D> = ArrayBase<ViewRepr<&'a A>, D>;
pub type ArrayView1<'a, A> = ArrayView<'a, A, Ix1>;
pub type ArrayView2<'a, A> = ArrayView<'a, A, Ix2>;
pub type ArrayView3<'a, A> = ArrayView<'a, A, Ix3>;
pub type ArrayView4<'a, A> = ArrayView<'a, A, Ix4>;
pub type ArrayViewMut<'a, A, D> = ArrayBase<ViewRepr<&'a mut A>, D>;
pub type ArrayViewMut2<'a, A> = ArrayViewMut<'a, A, Ix2>;

impl<S: RawData, D> Clone for ArrayBase<S, D> {
    fn clone(&self) -> Self {
        loop {}
    }
}

impl<S: RawData, D: Dimension> ArrayBase<S, D> {
    /// The number of elements.
    pub fn len(&self) -> usize {
        loop {}
    }
    /// The length of each axis.
    pub fn shape(&self) -> &[usize] {
        loop {}
    }
    /// The lengths of the axes as a tuple.
    pub fn dim(&self) -> D::Pattern {
        loop {}
    }
    pub fn ndim(&self) -> usize {
        loop {}
    }
    pub fn view(&self) -> ArrayBase<ViewRepr<&S::Elem>, D> {
        loop {}
    }
    pub fn to_owned(&self) -> Array<S::Elem, D> {
        loop {}
    }
    pub fn iter(&self) -> std::slice::Iter<'_, S::Elem> {
        loop {}
    }
    pub fn sum(&self) -> S::Elem {
        loop {}
    }
    pub fn mean(&self) -> Option<S::Elem> {
        loop {}
    }
    pub fn std(&self, ddof: S::Elem) -> S::Elem {
        loop {}
    }
    pub fn mapv<B, F: FnMut(S::Elem) -> B>(&self, f: F) -> Array<B, D> {
        loop {}
    }
    pub fn index_axis(&self, axis: Axis, index: usize) -> ArrayBase<ViewRepr<&S::Elem>, D::Smaller> {
        loop {}
    }
    pub fn mean_axis(&self, axis: Axis) -> Option<Array<S::Elem, D::Smaller>> {
        loop {}
    }
    pub fn sum_axis(&self, axis: Axis) -> Array<S::Elem, D::Smaller> {
        loop {}
    }
}

impl<A> Array<A, Ix1> {
    pub fn from_vec(values: Vec<A>) -> Self {
        loop {}
    }
}

impl<A, D> Array<A, D> {
    pub fn from_elem<Sh>(shape: Sh, value: A) -> Self {
        loop {}
    }
    pub fn from_shape_fn<Sh, F>(shape: Sh, f: F) -> Self {
        loop {}
    }
    pub fn zeros<Sh>(shape: Sh) -> Self {
        loop {}
    }
}

impl<S: RawData, D, I> std::ops::Index<I> for ArrayBase<S, D> {
    type Output = S::Elem;
    fn index(&self, index: I) -> &S::Elem {
        loop {}
    }
}
