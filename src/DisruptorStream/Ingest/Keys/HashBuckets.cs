using System.Numerics;
using System.Runtime.CompilerServices;

namespace DisruptorStream.Ingest.Keys;

/// <summary>The heads of the chains of a hash table that grows a few buckets at a time (linear hashing).</summary>
/// <remarks>
/// In a table that doubles at once, one key of ten million takes a tenth of a second to add. Here the
/// buckets 0 .. <see cref="Count"/> − 1 exist; a hash is cut to the next power of two and, where that bucket is still
/// missing, to half of it, so that a new bucket takes its keys from exactly one other. Source: W. Litwin, "Linear
/// hashing: a new tool for file and table addressing", VLDB 1980. One thread at a time grows; readers take no lock.
/// </remarks>
internal sealed class HashBuckets
{
    /// <summary>Buckets of a fresh table, and in each step of its storage.</summary>
    public const int ChunkLength = 1 << ChunkBits;

    /// <summary>The most buckets there can be.</summary>
    public const int MaxCount = 1 << 30;

    private const int ChunkBits = 11;

    private int[][] _chunks = [new int[ChunkLength]];
    private int _count = ChunkLength;

    /// <summary>How many buckets there are.</summary>
    public int Count => _count;

    /// <summary>
    /// The head of the chain in which a hash belongs: 0 is empty, anything else is the owner's to define.
    /// </summary>
    /// <remarks>For a reader that runs beside <see cref="Add"/> it may be the chain that the hash just left.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref int HeadOf(uint hash)
    {
        // Pairs with the write in Add: the chunk of every bucket below the count is seen with it.
        var count = (uint)Volatile.Read(ref _count);
        var mask = uint.MaxValue >> BitOperations.LeadingZeroCount(count - 1);
        var bucket = hash & mask;

        // All ones where the bucket is missing. Half of the look-ups go either way, which no predictor can guess.
        var isMissing = (uint)((int)(count - 1 - bucket) >> 31);
        bucket &= ~(isMissing & (mask ^ (mask >> 1)));
        return ref Head(bucket);
    }

    /// <summary>
    /// Adds a bucket and says which one its keys are to be taken from. One thread at a time; at most <see
    /// cref="MaxCount"/>.
    /// </summary>
    /// <param name="bit">The bit of the hash that is set in the keys that belong in the new chain.</param>
    /// <param name="added">The number of the new bucket. Its chain is empty.</param>
    /// <returns>The head of the chain to split.</returns>
    public ref int Add(out uint bit, out uint added)
    {
        added = (uint)_count;
        bit = 1u << BitOperations.Log2(added);
        var chunk = (int)(added >> ChunkBits);
        if (chunk == _chunks.Length)
            GrowDirectory();
        _chunks[chunk] ??= new int[ChunkLength];

        // Pairs with the read in HeadOf.
        Volatile.Write(ref _count, _count + 1);
        return ref Head(added ^ bit);
    }

    /// <summary>The head of the chain that will be split after this many further calls of <see cref="Add"/>.</summary>
    public int HeadToSplit(int ahead)
    {
        var added = (uint)(_count + ahead);
        return Head(added ^ (1u << BitOperations.Log2(added)));
    }

    /// <summary>The head of a bucket by its number.</summary>
    public ref int Head(uint bucket) => ref _chunks[bucket >> ChunkBits][bucket & (ChunkLength - 1)];

    private void GrowDirectory()
    {
        var larger = new int[_chunks.Length * 2][];
        _chunks.CopyTo(larger, 0);

        // Readers of the old directory stay right: they look only at buckets that it holds. Pairs with HeadOf's read.
        Volatile.Write(ref _chunks, larger);
    }
}
