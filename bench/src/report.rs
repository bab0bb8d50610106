//! One line for each measure: ours, the reference, what decides, and whether it is reached.

/// A measure.
pub(crate) struct Row {
    /// Its name in the list of goals.
    pub(crate) measure: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) ours: f64,
    pub(crate) reference: Option<f64>,
    /// What the goal is about, once for each round: the ratios, or the figure itself.
    pub(crate) figures: Vec<f64>,
    pub(crate) goal: f64,
    pub(crate) wants_less: bool,
}

impl Row {
    pub(crate) fn print(&self) {
        let figure = median(&self.figures);
        let low = self.figures.iter().copied().fold(f64::INFINITY, f64::min);
        let high = self.figures.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let reached = if self.wants_less { figure <= self.goal } else { figure >= self.goal };
        let sign = if self.wants_less { "≤" } else { "≥" };
        let reference = self.reference.map_or("–".to_owned(), |bare| format!("{bare:.1}"));
        println!(
            "{} | ours {:.1} {} | reference {reference} | figure {figure:.2} ({low:.2}–{high:.2}) \
             | goal {sign} {} | {}",
            self.measure,
            self.ours,
            self.unit,
            self.goal,
            if reached { "pass" } else { "short" }
        );
    }
}

/// The middle of some figures.
pub(crate) fn median(figures: &[f64]) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}
