//! Reading Python's pickles without running them.
//!
//! A pickle is a program for a small stack machine, which may call any function of Python. Here it builds plain values
//! alone; a call is kept as what was to be called and its arguments (`Object::Made`), and nothing is ever called. Protocols
//! 1 to 5 are read, as far as dictionaries, lists, texts, numbers and NumPy's arrays need.

use std::borrow::Cow;
use std::collections::HashMap;

/// The most values that a pickle may have. A file of CIFAR-100 has some 150,000.
const MOST: usize = 4_000_000;

/// What makes bytes of a text in the protocols before 3.
const ENCODE: &[u8] = b"_codecs.encode";

/// The place of a value in [`Pickle::objects`].
type Place = usize;

/// A value. Values in it are named by their places.
#[derive(Debug, Clone)]
pub(super) enum Object<'a> {
    None,
    Integer(i64),
    Bytes(Cow<'a, [u8]>),
    /// A text in UTF-8, as it is in the file.
    Text(&'a [u8]),
    /// A tuple or a list.
    Sequence(Vec<Place>),
    Dictionary(Vec<(Place, Place)>),
    /// A function or class: its module and its name.
    Named(Vec<u8>),
    /// The result of a call: of what, with which arguments, and the state that it was given afterwards.
    Made {
        of: Place,
        arguments: Place,
        state: Option<Place>,
    },
}

impl Object<'_> {
    /// The bytes of a text, of Python 2 or 3.
    pub(super) fn text(&self) -> Option<&[u8]> {
        match self {
            Object::Bytes(name) => Some(name),
            Object::Text(name) => Some(name),
            _ => None,
        }
    }
}

/// The values of a pickle.
pub(super) struct Pickle<'a> {
    objects: Vec<Object<'a>>,
    root: Place,
}

impl<'a> Pickle<'a> {
    /// Reads a pickle. The error is what is wrong with it.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, String> {
        let mut machine = Machine { bytes, at: 0, ..Machine::default() };
        let root = machine.run().map_err(|problem| match problem {
            Problem::Ends => format!("the pickle ends early, after {} bytes", bytes.len()),
            Problem::Damaged => format!("the pickle is damaged at byte {}", machine.at),
            Problem::Unknown(code) => {
                format!(
                    "at byte {}, the pickle has the instruction {code:#04x}, which no data set needs",
                    machine.at
                )
            }
        })?;
        Ok(Self { objects: machine.objects, root })
    }

    pub(super) fn root(&self) -> &Object<'a> {
        &self.objects[self.root]
    }

    pub(super) fn get(&self, place: Place) -> &Object<'a> {
        &self.objects[place]
    }

    /// The value of a key of the outermost dictionary.
    pub(super) fn entry(&self, key: &str) -> Option<&Object<'a>> {
        let Object::Dictionary(entries) = self.root() else { return None };
        let is_key = |place: Place| self.get(place).text() == Some(key.as_bytes());
        entries.iter().rev().find(|(place, _)| is_key(*place)).map(|&(_, value)| self.get(value))
    }
}

/// Why a pickle cannot be read.
enum Problem {
    Ends,
    Damaged,
    Unknown(u8),
}

type Outcome<T> = Result<T, Problem>;

#[derive(Default)]
struct Machine<'a> {
    bytes: &'a [u8],
    at: usize,
    objects: Vec<Object<'a>>,
    stack: Vec<Place>,
    /// The heights of the stack at which sequences begin.
    marks: Vec<usize>,
    memo: HashMap<u32, Place>,
}

impl<'a> Machine<'a> {
    /// Follows the instructions to the last, and gives the value on top.
    fn run(&mut self) -> Outcome<Place> {
        loop {
            if self.objects.len().max(self.stack.len()).max(self.memo.len()) > MOST {
                return Err(Problem::Damaged);
            }
            let code = self.fixed::<1>()?[0];
            match code {
                b'.' => return self.pop(),
                0x80 => drop(self.fixed::<1>()?), // the protocol
                0x95 => drop(self.fixed::<8>()?), // the length of a frame
                b'(' => self.marks.push(self.stack.len()),
                b'0' => drop(self.pop()?),
                b'2' => {
                    let top = self.pop()?;
                    self.stack.extend([top, top]);
                }
                b'N' => self.push(Object::None),
                0x88 | 0x89 => self.push(Object::Integer(i64::from(code == 0x88))),
                b'K' | b'M' | b'J' | 0x8A => {
                    let number = self.integer(code)?;
                    self.push(Object::Integer(number));
                }
                b'I' => {
                    let line = std::str::from_utf8(self.line()?).ok();
                    let number = line.and_then(|line| line.parse().ok()).ok_or(Problem::Damaged)?;
                    self.push(Object::Integer(number));
                }
                b'U' | b'C' | b'T' | b'B' | 0x8E | 0x96 => {
                    let bytes = self.counted(code)?;
                    self.push(Object::Bytes(bytes.into()));
                }
                0x8C | b'X' | 0x8D => {
                    let text = self.counted(code)?;
                    self.push(Object::Text(text));
                }
                b')' | b']' => self.push(Object::Sequence(Vec::new())),
                b'}' => self.push(Object::Dictionary(Vec::new())),
                0x85..=0x87 | b't' | b'l' => {
                    let items = if let 0x85..=0x87 = code {
                        let from = self.stack.len().checked_sub(usize::from(code - 0x84));
                        self.above(from.ok_or(Problem::Damaged)?)?
                    } else {
                        self.above_mark()?
                    };
                    self.push(Object::Sequence(items));
                }
                b'a' => {
                    let item = self.pop()?;
                    self.append(vec![item])?;
                }
                b'e' => {
                    let items = self.above_mark()?;
                    self.append(items)?;
                }
                b's' => {
                    let (value, key) = (self.pop()?, self.pop()?);
                    self.set(vec![key, value])?;
                }
                b'u' => {
                    let items = self.above_mark()?;
                    self.set(items)?;
                }
                b'd' => {
                    let items = self.above_mark()?;
                    self.push(Object::Dictionary(Vec::new()));
                    self.set(items)?;
                }
                b'c' => {
                    let (module, name) = (self.line()?, self.line()?);
                    self.push(Object::Named([module, b".", name].concat()));
                }
                0x93 => {
                    let (name, module) = (self.pop()?, self.pop()?);
                    let (Object::Text(name), Object::Text(module)) =
                        (&self.objects[name], &self.objects[module])
                    else {
                        return Err(Problem::Damaged);
                    };
                    let named = Object::Named([*module, b".", *name].concat());
                    self.push(named);
                }
                b'R' | 0x81 => {
                    let (arguments, of) = (self.pop()?, self.pop()?);
                    let bytes = self.encoded(of, arguments).map(|bytes| Object::Bytes(bytes.into()));
                    self.push(bytes.unwrap_or(Object::Made { of, arguments, state: None }));
                }
                b'b' => {
                    let (given, top) = (self.pop()?, self.top()?);
                    if let Object::Made { state, .. } = &mut self.objects[top] {
                        *state = Some(given);
                    }
                }
                b'q' | b'r' => {
                    let key = self.integer(if code == b'q' { b'K' } else { b'J' })? as u32;
                    let top = self.top()?;
                    self.memo.insert(key, top);
                }
                0x94 => {
                    let top = self.top()?;
                    self.memo.insert(self.memo.len() as u32, top);
                }
                b'h' | b'j' => {
                    let key = self.integer(if code == b'h' { b'K' } else { b'J' })? as u32;
                    self.stack.push(*self.memo.get(&key).ok_or(Problem::Damaged)?);
                }
                other => return Err(Problem::Unknown(other)),
            }
        }
    }

    /// The bytes that Python 3 writes as a text in old protocols, each as the character of its number.
    fn encoded(&self, of: Place, arguments: Place) -> Option<Vec<u8>> {
        let Object::Named(name) = &self.objects[of] else { return None };
        let Object::Sequence(arguments) = &self.objects[arguments] else { return None };
        let Object::Text(text) = &self.objects[*arguments.first().filter(|_| name == ENCODE)?] else {
            return None;
        };
        std::str::from_utf8(text)
            .ok()?
            .chars()
            .map(|character| u8::try_from(u32::from(character)).ok())
            .collect()
    }

    fn slice(&mut self, count: usize) -> Outcome<&'a [u8]> {
        let bytes = self.bytes.get(self.at..).and_then(|rest| rest.get(..count)).ok_or(Problem::Ends)?;
        self.at += count;
        Ok(bytes)
    }

    fn fixed<const COUNT: usize>(&mut self) -> Outcome<[u8; COUNT]> {
        Ok(*self.slice(COUNT)?.first_chunk().expect("as many bytes as were asked for"))
    }

    /// The rest of a line.
    fn line(&mut self) -> Outcome<&'a [u8]> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|&byte| byte == b'\n').ok_or(Problem::Ends)?;
        self.at += length + 1;
        Ok(&rest[..length])
    }

    /// The number of an instruction.
    fn integer(&mut self, code: u8) -> Outcome<i64> {
        Ok(match code {
            b'K' => i64::from(self.fixed::<1>()?[0]),
            b'M' => i64::from(u16::from_le_bytes(self.fixed()?)),
            b'J' => i64::from(i32::from_le_bytes(self.fixed()?)),
            _ => {
                let length = usize::from(self.fixed::<1>()?[0]);
                let bytes = self.slice(length)?;
                let sign = if bytes.last().is_some_and(|byte| byte >> 7 == 1) { 0xFF } else { 0 };
                let mut all = [sign; 8];
                all.get_mut(..length).ok_or(Problem::Damaged)?.copy_from_slice(bytes);
                i64::from_le_bytes(all)
            }
        })
    }

    /// The bytes or the text of an instruction.
    fn counted(&mut self, code: u8) -> Outcome<&'a [u8]> {
        let length = match code {
            b'U' | b'C' | 0x8C => u64::from(self.fixed::<1>()?[0]),
            b'T' | b'B' | b'X' => u64::from(u32::from_le_bytes(self.fixed()?)),
            _ => u64::from_le_bytes(self.fixed()?),
        };
        self.slice(usize::try_from(length).map_err(|_| Problem::Ends)?)
    }

    fn push(&mut self, object: Object<'a>) {
        self.stack.push(self.objects.len());
        self.objects.push(object);
    }

    fn top(&self) -> Outcome<Place> {
        let above_mark = self.stack.len() > self.marks.last().copied().unwrap_or(0);
        self.stack.last().copied().filter(|_| above_mark).ok_or(Problem::Damaged)
    }

    fn pop(&mut self) -> Outcome<Place> {
        let top = self.top()?;
        self.stack.pop();
        Ok(top)
    }

    fn above(&mut self, from: usize) -> Outcome<Vec<Place>> {
        let mark = self.marks.last().copied().unwrap_or(0);
        if from < mark { Err(Problem::Damaged) } else { Ok(self.stack.split_off(from)) }
    }

    fn above_mark(&mut self) -> Outcome<Vec<Place>> {
        let mark = self.marks.pop().ok_or(Problem::Damaged)?;
        Ok(self.stack.split_off(mark))
    }

    fn append(&mut self, more: Vec<Place>) -> Outcome<()> {
        let top = self.top()?;
        match &mut self.objects[top] {
            Object::Sequence(items) => {
                items.extend(more);
                Ok(())
            }
            _ => Err(Problem::Damaged),
        }
    }

    fn set(&mut self, more: Vec<Place>) -> Outcome<()> {
        let top = self.top()?;
        match (&mut self.objects[top], more.as_chunks::<2>()) {
            (Object::Dictionary(entries), (pairs, [])) => {
                entries.extend(pairs.iter().map(|&[key, value]| (key, value)));
                Ok(())
            }
            _ => Err(Problem::Damaged),
        }
    }
}
