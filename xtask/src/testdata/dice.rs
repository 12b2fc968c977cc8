//! The generator's own small source of chance (SplitMix64), so that the same seed gives the
//! same bytes on every machine and with every version of every crate. Nothing here is fit for
//! secrets.

/// A seeded stream of numbers; the label keeps the streams of different papers apart, so that a
/// change in one paper does not move all the others.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64, label: &str) -> Self {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for byte in label.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Self(hash)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number from 0 up to, not including, `n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        (((self.next() >> 32) * n as u64) >> 32) as usize
    }

    /// A whole number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below((high - low + 1) as usize) as u32
    }

    /// A number from `low` up to `high`.
    pub(crate) fn range(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * ((self.next() >> 40) as f32 / 16_777_216.0)
    }

    /// A number around 0 with standard deviation 1: twelve even ones added, because the usual
    /// ways need a logarithm, whose last bit differs between machines.
    pub(crate) fn bell(&mut self) -> f32 {
        let sum: u64 = (0..3)
            .map(|_| {
                let bits = self.next();
                (0..4).map(|part| (bits >> (16 * part)) & 0xffff).sum::<u64>()
            })
            .sum();
        (sum as f32 / 65_536.0) - 6.0
    }

    pub(crate) fn chance(&mut self, share: f32) -> bool {
        self.range(0.0, 1.0) < share
    }

    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// `n` decimal digits, the first not 0.
    pub(crate) fn digits(&mut self, n: usize) -> String {
        (0..n)
            .map(|place| {
                let low = u32::from(place == 0);
                char::from_digit(self.between(low, 9), 10).expect("a number from 0 to 9")
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn the_same_seed_and_label_give_the_same_numbers() {
        let draw = |seed, label| {
            let mut dice = Dice::new(seed, label);
            [dice.next(), dice.next(), dice.next()]
        };
        assert_eq!(draw(1, "a"), draw(1, "a"));
        assert_ne!(draw(1, "a"), draw(2, "a"));
        assert_ne!(draw(1, "a"), draw(1, "b"));
    }

    #[test]
    fn the_bell_is_centred_with_deviation_one() {
        let mut dice = Dice::new(7, "bell");
        let n = 20_000;
        let draws: Vec<f32> = (0..n).map(|_| dice.bell()).collect();
        let mean = draws.iter().sum::<f32>() / n as f32;
        let var = draws.iter().map(|x| (x - mean) * (x - mean)).sum::<f32>() / n as f32;
        assert!(mean.abs() < 0.03, "mean {mean}");
        assert!((var - 1.0).abs() < 0.05, "variance {var}");
    }
}
