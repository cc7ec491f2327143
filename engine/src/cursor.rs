//! Finding one's way in a flow: where a step stands, what follows it, what lies after it.

use zhupi_domain::{Name, Text};

use crate::flow::{Block, Each, Flow, Human, LaneOrder, Place, Step};
use crate::{At, Lanes, Spot};

/// The way to a block: block index, then branch (or lane) and block index for every block around it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor(Vec<usize>);

/// What comes after a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum After {
    Block(Cursor),
    Region(Region),
}

/// A part of a flow that goes on by itself: the flow, a branch of a parallel block, a lane of an `each`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Region {
    Flow,
    /// A branch or lane of the block at the cursor.
    Branch {
        block: Cursor,
        branch: usize,
    },
}

impl Cursor {
    /// Whether another cursor lies inside the block at this one.
    pub fn is_around(&self, other: &Self) -> bool {
        other.0.len() > self.0.len() && other.0.starts_with(&self.0)
    }
}

impl Flow {
    /// The first block.
    pub fn first(&self) -> Option<Cursor> {
        (!self.steps.is_empty()).then(|| Cursor(vec![0]))
    }

    /// The block at a cursor.
    pub fn block(&self, cursor: &Cursor) -> Option<&Block> {
        let (last, way) = cursor.0.split_last()?;
        self.sequence(way)?.get(*last)
    }

    fn sequence(&self, way: &[usize]) -> Option<&[Block]> {
        way.chunks_exact(2).try_fold(self.steps.as_slice(), |blocks, pair| match (blocks.get(*pair.first()?)?, pair) {
            (Block::Choose(choose), [_, branch]) => Some(choose.branches.get(*branch)?.steps.as_slice()),
            (Block::Parallel(parallel), [_, branch]) => Some(parallel.branches.get(*branch)?.steps.as_slice()),
            (Block::Each(each), _) => Some(each.steps.as_slice()),
            _ => None,
        })
    }

    /// What comes after a block: the next one of its sequence, else of the sequence around its choice; else its region ends.
    pub fn after(&self, cursor: &Cursor) -> After {
        let mut way = cursor.0.clone();
        while let Some(last) = way.pop() {
            if self.sequence(&way).is_some_and(|blocks| last + 1 < blocks.len()) {
                way.push(last + 1);
                return After::Block(Cursor(way));
            }
            let Some(branch) = way.pop() else { break };
            let block = Cursor(way.clone());
            if !matches!(self.block(&block), Some(Block::Choose(_))) {
                return After::Region(Region::Branch { block, branch });
            }
        }
        After::Region(Region::Flow)
    }

    /// The first block of a branch or lane of the block at a cursor; none where the branch is empty.
    pub fn into_branch(&self, cursor: &Cursor, branch: usize) -> Option<Cursor> {
        let mut way = cursor.0.clone();
        way.push(branch);
        (!self.sequence(&way)?.is_empty()).then(|| {
            way.push(0);
            Cursor(way)
        })
    }

    /// The lanes around the block at a cursor.
    pub fn lanes(&self, cursor: &Cursor) -> Lanes {
        let around = (1..cursor.0.len()).step_by(2).filter_map(|at| {
            let (way, lane) = (cursor.0.get(..at)?, cursor.0.get(at)?);
            matches!(self.block(&Cursor(way.to_vec())), Some(Block::Each(_))).then_some(*lane)
        });
        around.map(|lane| u32::try_from(lane).unwrap_or(u32::MAX)).collect()
    }

    /// The innermost `each` around the block at a cursor, and in which of its lanes the block lies.
    pub fn lane_around(&self, cursor: &Cursor) -> Option<(At<u32>, usize)> {
        let ways = (1..cursor.0.len()).step_by(2).rev();
        ways.into_iter().find_map(|at| {
            let around = Cursor(cursor.0.get(..at)?.to_vec());
            match self.block(&around) {
                Some(Block::Each(each)) => Some((At::new(each.number, self.lanes(&around)), *cursor.0.get(at)?)),
                _ => None,
            }
        })
    }

    /// Where a place stands; none at the start.
    pub fn cursor(&self, place: &Place) -> Option<Cursor> {
        match place {
            Place::Start => None,
            Place::Step(spot) => self.locate(spot),
        }
    }

    /// The cursor of a block that was found in lane 0 of everything, moved to its lanes; none where they do not fit.
    fn in_lanes(&self, mut cursor: Cursor, lanes: &[u32]) -> Option<Cursor> {
        let mut lanes = lanes.iter();
        for at in (1..cursor.0.len()).step_by(2) {
            let around = Cursor(cursor.0.get(..at)?.to_vec());
            if matches!(self.block(&around), Some(Block::Each(_))) {
                *cursor.0.get_mut(at)? = usize::try_from(*lanes.next()?).ok()?;
            }
        }
        lanes.next().is_none().then_some(cursor)
    }

    /// Where a step stands.
    pub fn locate(&self, spot: &Spot) -> Option<Cursor> {
        let (cursor, _) = self.walk().find(|(_, step)| step.name == spot.what)?;
        self.in_lanes(cursor, &spot.lanes)
    }

    /// Where a choice stands.
    pub fn locate_choose(&self, number: u32, lanes: &[u32]) -> Option<Cursor> {
        let is = |block: &Block| matches!(block, Block::Choose(choose) if choose.number == number);
        self.in_lanes(self.find(&is)?, lanes)
    }

    /// Where an `each` stands.
    pub fn locate_each(&self, each: &At<u32>) -> Option<Cursor> {
        let is = |block: &Block| matches!(block, Block::Each(found) if found.number == each.what);
        self.in_lanes(self.find(&is)?, &each.lanes)
    }

    /// An `each` by its number.
    pub fn each(&self, number: u32) -> Option<&Each> {
        self.every().into_iter().find_map(|(_, block)| match block {
            Block::Each(each) if each.number == number => Some(each),
            _ => None,
        })
    }

    fn find(&self, is: &dyn Fn(&Block) -> bool) -> Option<Cursor> {
        self.every().into_iter().find(|(_, block)| is(block)).map(|(cursor, _)| cursor)
    }

    pub fn step(&self, name: &Name) -> Option<&Step> {
        self.walk().find(|(_, step)| step.name == *name).map(|(_, step)| step)
    }

    /// The step at a place; none at the start.
    pub fn at(&self, place: &Place) -> Option<&Step> {
        match place {
            Place::Start => None,
            Place::Step(spot) => self.step(&spot.what),
        }
    }

    /// The people's step at a place.
    pub fn human(&self, place: &Place) -> Option<&Human> {
        self.at(place)?.human()
    }

    /// All steps in the order they are written, also those inside other blocks (there in lane 0).
    pub fn walk(&self) -> impl Iterator<Item = (Cursor, &Step)> {
        self.every().into_iter().filter_map(|(cursor, block)| match block {
            Block::Step(step) => Some((cursor, step.as_ref())),
            _ => None,
        })
    }

    fn every(&self) -> Vec<(Cursor, &Block)> {
        let mut found = Vec::new();
        collect(&self.steps, &mut Vec::new(), &mut found);
        found
    }

    /// Whether a place lies after another: later in its sequence, or in the sequences around it. Branches that go on at the
    /// same time lie beside one another; everything but itself lies after the start.
    pub fn is_after(&self, place: &Place, other: &Place) -> bool {
        let (place, other) = match (place, other) {
            (Place::Start, _) => return false,
            (Place::Step(_), Place::Start) => return true,
            (Place::Step(place), Place::Step(other)) => (self.locate(place), self.locate(other)),
        };
        place.zip(other).is_some_and(|(place, other)| self.comes_after(&place, &other))
    }

    /// The same of two cursors.
    pub fn comes_after(&self, one: &Cursor, other: &Cursor) -> bool {
        let differ = one.0.iter().zip(&other.0).position(|(one, other)| one != other);
        let Some((at, (one_index, other_index))) = differ.and_then(|at| Some((at, (one.0.get(at)?, other.0.get(at)?))))
        else {
            return false;
        };
        let ordered = at % 2 == 0 || {
            let around = Cursor(one.0.iter().take(at).copied().collect());
            matches!(self.block(&around), Some(Block::Each(each)) if each.order == LaneOrder::OneByOne)
        };
        ordered && one_index > other_index
    }

    /// The title of a place.
    pub fn title_of(&self, place: &Place) -> Text {
        match place {
            Place::Start => self.start_title.clone(),
            Place::Step(spot) => {
                self.step(&spot.what).map_or_else(|| Text::same(spot.what.as_str()), |step| step.title.clone())
            }
        }
    }
}

fn collect<'a>(blocks: &'a [Block], way: &mut Vec<usize>, found: &mut Vec<(Cursor, &'a Block)>) {
    for (index, block) in blocks.iter().enumerate() {
        way.push(index);
        found.push((Cursor(way.clone()), block));
        let inner: Vec<&[Block]> = match block {
            Block::Step(_) => Vec::new(),
            Block::Choose(choose) => choose.branches.iter().map(|branch| branch.steps.as_slice()).collect(),
            Block::Parallel(parallel) => parallel.branches.iter().map(|branch| branch.steps.as_slice()).collect(),
            Block::Each(each) => vec![each.steps.as_slice()],
        };
        for (number, steps) in inner.into_iter().enumerate() {
            way.push(number);
            collect(steps, way, found);
            way.pop();
        }
        way.pop();
    }
}
