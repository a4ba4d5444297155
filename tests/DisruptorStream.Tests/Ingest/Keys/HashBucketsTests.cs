using DisruptorStream.Ingest.Keys;

namespace DisruptorStream.Tests.Ingest.Keys;

public class HashBucketsTests
{
    /// <summary>
    /// Around every power of two, a hash is in the bucket that the definition of linear hashing says.
    /// </summary>
    [Fact]
    public void HeadOf_AnyCount_IsTheBucketOfLinearHashing()
    {
        var buckets = new HashBuckets();
        for (var bucket = 0u; bucket < buckets.Count; bucket++)
            buckets.Head(bucket) = (int)bucket + 1;
        var random = new Random(3);
        while (buckets.Count < 5 * HashBuckets.ChunkLength + 3)
        {
            for (var sample = 0; sample < 8; sample++)
            {
                var hash = (uint)random.NextInt64(1L << 32);
                var modulus = (long)HashBuckets.ChunkLength;
                while (modulus < buckets.Count)
                    modulus *= 2;
                var bucket = hash % modulus;
                Assert.Equal((bucket < buckets.Count ? bucket : hash % (modulus / 2)) + 1, buckets.HeadOf(hash));
            }

            var count = buckets.Count;
            var source = buckets.Add(out var bit, out var added);
            Assert.Equal(count, (int)added);
            Assert.Equal((added ^ bit) + 1, (uint)source);
            Assert.True(System.Numerics.BitOperations.IsPow2(bit) && (added & bit) != 0 && added < 2 * bit);
            Assert.Equal(0, buckets.Head(added));
            buckets.Head(added) = (int)added + 1;
        }
    }
}
