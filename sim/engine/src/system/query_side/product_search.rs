//! The product search: full text over name and category, filters, and a stable sort [seeds 001, 003]. A search index: an
//! inverted one, from each word to the products that have it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::kernel::pages::Pages;
use crate::shop::event::Recorded;
use crate::shop::ids::{EventId, ProductId, Version};
use crate::shop::money::Cents;
use crate::shop::product::event::ProductEvent;
use crate::system::hands::RowAct;

/// A product as the index knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Found {
    /// Is there a row at all?
    pub exists: bool,
    /// Its name.
    pub name: Arc<str>,
    /// Its category.
    pub category: Arc<str>,
    /// The price of one.
    pub price: Cents,
    /// How many there are.
    pub stock: u32,
    /// Is it for sale? What is not is never found.
    pub available: bool,
    /// The newest version that was applied.
    pub version: Version,
    /// The event that was applied last.
    pub last_event: Option<EventId>,
}

/// A question to the index. Everything that is left open matches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// Words, each of which must begin a word of the name or the category. Upper and lower case are the same.
    pub text: String,
    /// Only this category.
    pub category: Option<String>,
    /// Only what costs at least this.
    pub price_min: Option<Cents>,
    /// Only what costs at most this.
    pub price_max: Option<Cents>,
    /// Only what is in stock.
    pub in_stock: bool,
    /// In which order. Among equals the lower number comes first, so that the order is always the same.
    pub sort: Sort,
}

/// In which order products are given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// By number.
    #[default]
    Number,
    /// The cheapest first.
    Price,
    /// By name.
    Name,
}

/// The read model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ProductSearch {
    rows: Pages<Found>,
    /// Shared between copies of the world until the next word changes.
    index: Arc<BTreeMap<String, BTreeSet<ProductId>>>,
}

impl ProductSearch {
    /// What the index knows of a product.
    pub fn product(&self, product: ProductId) -> Option<&Found> {
        self.rows.get(product.index()).filter(|row| row.exists)
    }

    /// Writes a product's price by hand; false if it is not there, or something else was meant.
    pub fn edit(&mut self, product: ProductId, act: RowAct) -> bool {
        let (RowAct::SetCents(cents), true) = (act, self.product(product).is_some()) else { return false };
        self.rows.entry(product.index()).price = cents;
        true
    }

    /// The products that there are, for sale or not.
    pub fn products(&self) -> impl Iterator<Item = ProductId> {
        (0_u32..).map(ProductId).zip(self.rows.iter()).filter(|(_, row)| row.exists).map(|(product, _)| product)
    }

    /// How many products there are, for sale or not.
    pub fn count(&self) -> usize {
        self.rows.iter().filter(|row| row.exists).count()
    }

    /// The products that answer a question, in the order asked for.
    pub fn search(&self, question: &Question) -> Vec<ProductId> {
        let mut found: Vec<(ProductId, &Found)> = self
            .candidates(&question.text)
            .into_iter()
            .filter_map(|product| Some((product, self.product(product)?)))
            .filter(|(_, row)| row.answers(question))
            .collect();
        match question.sort {
            Sort::Number => {}
            // The candidates come by number, and a stable sort keeps that among equals.
            Sort::Price => found.sort_by_key(|(_, row)| row.price),
            Sort::Name => found.sort_by(|(_, one), (_, other)| one.name.cmp(&other.name)),
        }
        found.into_iter().map(|(product, _)| product).collect()
    }

    /// By number, every product that has all these words; all products if there are none.
    fn candidates(&self, text: &str) -> BTreeSet<ProductId> {
        let mut words = words(text).into_iter().map(|word| self.beginning_with(&word));
        match words.next() {
            None => (0..).map(ProductId).zip(self.rows.iter()).map(|(product, _)| product).collect(),
            Some(first) => words.fold(first, |kept, next| kept.intersection(&next).copied().collect()),
        }
    }

    fn beginning_with(&self, start: &str) -> BTreeSet<ProductId> {
        let later = self.index.range(start.to_owned()..);
        later.take_while(|(word, _)| word.starts_with(start)).flat_map(|(_, products)| products).copied().collect()
    }

    /// Applies an event; true when a field has changed that a reader sees.
    pub fn apply(&mut self, event: EventId, version: Version, product: ProductId, happened: &ProductEvent) -> bool {
        let before = self.rows.entry(product.index()).clone();
        let row = self.rows.entry(product.index());
        row.put(happened);
        row.note(event, version);
        self.settle(product, &before)
    }

    /// Writes a row anew from the events known of its product, oldest first; true when a field has changed.
    pub fn refold(&mut self, product: ProductId, history: &[(EventId, &Recorded)]) -> bool {
        let before = core::mem::take(self.rows.entry(product.index()));
        let row = self.rows.entry(product.index());
        for (event, recorded) in history {
            if let Some(happened) = recorded.event.product() {
                row.put(happened);
                row.note(*event, recorded.version);
            }
        }
        self.settle(product, &before)
    }

    /// Indexes the row under its words if these have changed; true when a field has changed.
    fn settle(&mut self, product: ProductId, before: &Found) -> bool {
        let row = self.rows.entry(product.index());
        if (&before.name, &before.category) != (&row.name, &row.category) {
            let index = Arc::make_mut(&mut self.index);
            for word in before.words() {
                if let Some(products) = index.get_mut(&word) {
                    products.remove(&product);
                }
            }
            for word in row.words() {
                index.entry(word).or_default().insert(product);
            }
            index.retain(|_, products| !products.is_empty());
        }
        before.shown() != row.shown()
    }
}

/// The words of a text: runs of letters and digits, in lower case.
fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

impl Found {
    fn shown(&self) -> (bool, &str, &str, Cents, u32, bool) {
        (self.exists, &self.name, &self.category, self.price, self.stock, self.available)
    }

    fn words(&self) -> BTreeSet<String> {
        words(&self.name).into_iter().chain(words(&self.category)).collect()
    }

    fn answers(&self, question: &Question) -> bool {
        self.available
            && question.category.as_deref().is_none_or(|category| *self.category == *category)
            && question.price_min.is_none_or(|least| self.price >= least)
            && question.price_max.is_none_or(|most| self.price <= most)
            && (!question.in_stock || self.stock > 0)
    }

    fn note(&mut self, event: EventId, version: Version) {
        self.exists = true;
        self.version = self.version.max(version);
        self.last_event = Some(event);
    }

    /// Every event says what is so afterwards, so to put it twice does no harm.
    fn put(&mut self, event: &ProductEvent) {
        match event {
            ProductEvent::ProductCreated { name, category, price, stock } => {
                self.name = Arc::clone(name);
                self.category = Arc::clone(category);
                self.price = *price;
                self.stock = *stock;
                self.available = true;
            }
            ProductEvent::ProductPriceChanged { price } => self.price = *price,
            ProductEvent::InventoryUpdated { stock }
            | ProductEvent::StockReserved { stock, .. }
            | ProductEvent::StockReleased { stock, .. } => self.stock = *stock,
            ProductEvent::ProductDiscontinued => self.available = false,
            ProductEvent::StockReservationFailed { .. } => {}
            ProductEvent::ProductRenamed { name } => self.name = Arc::clone(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cents, EventId, ProductEvent, ProductId, ProductSearch, Question, Sort};

    fn created(name: &str, category: &str, price: i64, stock: u32) -> ProductEvent {
        ProductEvent::ProductCreated { name: name.into(), category: category.into(), price: Cents(price), stock }
    }

    /// Four products, the last one discontinued.
    fn shop() -> ProductSearch {
        let mut search = ProductSearch::default();
        let products = [
            (1, created("Garden chair", "Furniture", 4_999, 3)),
            (2, created("Garden hose, 20 m", "Tools", 2_495, 0)),
            (3, created("Chair cushion", "Furniture", 1_250, 9)),
            (4, created("Garden table", "Furniture", 4_999, 1)),
            (5, created("Garden gnome", "Decoration", 999, 50)),
        ];
        for (product, event) in products {
            search.apply(EventId(product), 1, ProductId(product), &event);
        }
        search.apply(EventId(6), 2, ProductId(5), &ProductEvent::ProductDiscontinued);
        search
    }

    #[track_caller]
    fn check(search: &ProductSearch, question: Question, found: &[u32]) {
        assert_eq!(search.search(&question), found.iter().copied().map(ProductId).collect::<Vec<_>>(), "{question:?}");
    }

    fn text(text: &str) -> Question {
        Question { text: text.to_owned(), ..Question::default() }
    }

    #[test]
    fn every_word_must_begin_a_word_of_name_or_category() {
        check(&shop(), text("garden"), &[1, 2, 4]);
        check(&shop(), text("GARD furn"), &[1, 4]);
        check(&shop(), text("chair"), &[1, 3]);
        check(&shop(), text("20"), &[2]);
        check(&shop(), text("arden"), &[]);
        check(&shop(), text(""), &[1, 2, 3, 4]);
    }

    #[test]
    fn filters_narrow_what_the_words_have_found() {
        check(&shop(), Question { in_stock: true, ..text("garden") }, &[1, 4]);
        check(&shop(), Question { category: Some("Tools".to_owned()), ..text("") }, &[2]);
        let cheap = Question { price_min: Some(Cents(1_250)), price_max: Some(Cents(2_495)), ..text("") };
        check(&shop(), cheap, &[2, 3]);
    }

    #[test]
    fn the_sort_is_stable() {
        check(&shop(), Question { sort: Sort::Price, ..text("") }, &[3, 2, 1, 4]);
        check(&shop(), Question { sort: Sort::Name, ..text("") }, &[3, 1, 2, 4]);
    }

    #[test]
    fn a_product_is_found_by_its_new_name_alone() {
        let mut search = shop();
        search.apply(EventId(7), 2, ProductId(1), &ProductEvent::ProductRenamed { name: "Deck stool".into() });
        check(&search, text("chair"), &[3]);
        check(&search, text("stool"), &[1]);
        check(&search, text("furniture"), &[1, 3, 4]);
    }
}
