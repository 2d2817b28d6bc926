//! Which partition an event goes to.

use core::fmt::Write as _;

use crate::shop::aggregate::Aggregate;
use crate::system::options::Partitioning;

/// Chooses partitions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Partitioner {
    turns: u32,
}

impl Partitioner {
    /// The partition for the next event of this aggregate.
    pub fn choose(&mut self, of: Aggregate, partitioning: Partitioning, partitions: u8) -> u8 {
        let n = match partitioning {
            Partitioning::Key => (key_hash(of) & 0x7fff_ffff) % u32::from(partitions),
            Partitioning::RoundRobin => {
                self.turns = self.turns.wrapping_add(1);
                self.turns.wrapping_sub(1) % u32::from(partitions)
            }
        };
        u8::try_from(n).unwrap_or(0)
    }
}

fn key_hash(of: Aggregate) -> u32 {
    // The key is the aggregate's id as text; a fixed buffer spares an allocation for each event.
    struct Key {
        bytes: [u8; 16],
        len: usize,
    }
    impl core::fmt::Write for Key {
        fn write_str(&mut self, text: &str) -> core::fmt::Result {
            let end = self.len + text.len();
            self.bytes.get_mut(self.len..end).ok_or(core::fmt::Error)?.copy_from_slice(text.as_bytes());
            self.len = end;
            Ok(())
        }
    }
    let mut key = Key { bytes: [0; 16], len: 0 };
    let fits = write!(key, "{of}").is_ok();
    debug_assert!(fits, "an id has at most 12 bytes");
    murmur2(&key.bytes[..key.len])
}

/// MurmurHash2 with the seed that Kafka's default partitioner uses for keys.
pub fn murmur2(data: &[u8]) -> u32 {
    const SEED: u32 = 0x9747_b28c;
    const M: u32 = 0x5bd1_e995;
    const R: u32 = 24;
    #[expect(clippy::cast_possible_truncation, reason = "keys are short")]
    let mut hash = SEED ^ data.len() as u32;
    let mut words = data.chunks_exact(4);
    for word in &mut words {
        let mut k = u32::from_le_bytes([word[0], word[1], word[2], word[3]]).wrapping_mul(M);
        k = (k ^ (k >> R)).wrapping_mul(M);
        hash = hash.wrapping_mul(M) ^ k;
    }
    let rest = words.remainder();
    for (at, byte) in rest.iter().enumerate() {
        hash ^= u32::from(*byte) << (8 * at);
    }
    if !rest.is_empty() {
        hash = hash.wrapping_mul(M);
    }
    hash = (hash ^ (hash >> 13)).wrapping_mul(M);
    hash ^ (hash >> 15)
}

#[cfg(test)]
mod tests {
    use super::murmur2;

    /// The values that Kafka's own tests expect of its default key hash.
    #[test]
    fn agrees_with_kafka() {
        let cases: [(&[u8], i32); 6] = [
            (b"21", -973_932_308),
            (b"foobar", -790_332_482),
            (b"a-little-bit-long-string", -985_981_536),
            (b"a-little-bit-longer-string", -1_486_304_829),
            (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971),
            (b"abc", 479_470_107),
        ];
        for (key, hash) in cases {
            assert_eq!(murmur2(key).cast_signed(), hash, "{:?}", core::str::from_utf8(key));
        }
    }
}
