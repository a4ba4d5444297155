using System.Runtime.CompilerServices;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Accumulators.Sketches.DistinctSums;

/// <summary>
/// The sum, over the different values of a measure, of the largest weight that each came with; over states that lie in
/// records.
/// </summary>
/// <remarks>
/// <para>Priority sampling (Duffield, Lund and Thorup, "Priority sampling for estimation of arbitrary subset sums",
/// JACM 2007), where the random number of a value is its hash, as in the coordinated samples of Cohen and Kaplan,
/// "Summarizing data using bottom-k sketches" (PODC 2007). A value with the hash u in (0, 1] and the weight w has the
/// rank u / w, and the k lowest ranks are kept. With t the lowest rank that is not kept, a value counts max(w, 1 / t).
/// Without such a rank the sum is exact. Else it is unbiased, and its standard error is at most 1 / sqrt(k - 1),
/// whatever the weights are (Szegedy, "The DLT priority sampling is essentially optimal", STOC 2006).</para>
/// <para>A larger weight makes a rank lower, so what was left out for its rank can come back, and the sample in the end
/// depends on the set of values and their largest weights alone: not on order, repetition or grouping.</para>
/// <para>The table takes in more than k values, and then gives up the highest ranks at once; states are compared and
/// saved after that.</para>
/// </remarks>
internal sealed unsafe partial class DistinctSumSketch
{
    private const int EntryBytes = 2 * sizeof(long);
    private const int EntriesPerPane = 8;
    private const double HashUnit = 1.0 / (1L << 53);
    private const int UnusedHashBits = 64 - 53;

    private readonly BlockPool _blocks;
    private readonly int _bytes;
    private readonly int _most;
    private readonly int _mostBeforeCut;
    private readonly Ranked[] _scratch;
    private readonly double[] _heavy;

    /// <param name="blocks">Where the tables lie.</param>
    /// <param name="precision">A table takes at most 2^precision bytes.</param>
    public DistinctSumSketch(BlockPool blocks, int precision)
    {
        _blocks = blocks;
        _bytes = 1 << precision;
        var places = _bytes / EntryBytes;
        _most = KeptAt(precision);
        _mostBeforeCut = places * 7 / 8;
        _scratch = new Ranked[places];
        _heavy = new double[places];
    }

    public int MaxBytes => _bytes;

    /// <summary>What merging two states costs, in panes.</summary>
    public int PanesPerMerge => 1 + (_most / EntriesPerPane);

    /// <summary>How many values are kept: as many are summed exactly.</summary>
    public static int KeptAt(int precision) => (1 << precision) / EntryBytes * 3 / 4;

    /// <summary>Adds a value with a weight, which is above zero.</summary>
    public void Add(ref DistinctSumState state, long bits, double weight)
    {
        // 0 marks a free place: the one value with that hash takes its neighbour's.
        var hash = Bits64.Hash(bits);
        hash = hash == 0 ? 1 : hash;
        if (RankOf(hash, weight) <= state.Threshold)
            Keep(ref state, hash, weight);
    }

    public void Merge(ref DistinctSumState into, in DistinctSumState later)
    {
        var hashes = later.Range.Items<ulong>(_blocks);
        var places = hashes.Length / 2;
        var weights = later.Range.Items<double>(_blocks);
        for (var place = 0; place < places; place++)
        {
            var hash = hashes[place];
            if (hash != 0 && RankOf(hash, weights[places + place]) <= into.Threshold)
                Keep(ref into, hash, weights[places + place]);
        }

        into.Threshold = Math.Min(into.Threshold, later.Threshold);
    }

    /// <summary>The sum, or an estimate of it where there are more values than are kept.</summary>
    public double Sum(ref DistinctSumState state)
    {
        Cut(ref state);
        var light = 1 / state.Threshold;
        var places = state.Range.Length / 2;
        var hashes = state.Range.Items<ulong>(_blocks);
        var weights = state.Range.Items<double>(_blocks)[places..];
        var heavy = 0;
        for (var place = 0; place < places; place++)
        {
            if (hashes[place] != 0 && weights[place] >= light)
                _heavy[heavy++] = weights[place];
        }

        // Where a value lies in the table depends on when it came; the sum must not.
        Array.Sort(_heavy, 0, heavy);
        var sum = state.Count == heavy ? 0 : (state.Count - heavy) * light;
        for (var index = 0; index < heavy; index++)
            sum += _heavy[index];
        return sum;
    }

    /// <summary>What <see cref="Sum"/> costs, in panes.</summary>
    public static int SumCost(in DistinctSumState state) => state.Count / EntriesPerPane;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double RankOf(ulong hash, double weight) => ((hash >> UnusedHashBits) + 1) * HashUnit / weight;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Keep(ref DistinctSumState state, ulong hash, double weight)
    {
        if (state.Range.Length == 0)
            Rebuild(ref state, BlockPool.MinBytes);
        if (!Insert(in state, hash, weight))
            return;
        state.Count++;
        if (state.Range.SizeBytes < _bytes)
        {
            if (state.Count > state.Range.SizeBytes / EntryBytes * 3 / 4)
                Rebuild(ref state, state.Range.SizeBytes * 2);
        }
        else if (state.Count == _mostBeforeCut)
        {
            Cut(ref state);
        }
    }

    /// <summary>Returns false when the value is there already; it then keeps its larger weight.</summary>
    private bool Insert(in DistinctSumState state, ulong hash, double weight)
    {
        var places = state.Range.Length / 2;
        var hashes = state.Range.Items<ulong>(_blocks);
        var weights = state.Range.Items<double>(_blocks)[places..];
        var mask = places - 1;
        for (var at = (int)hash & mask; ; at = (at + 1) & mask)
        {
            if (hashes[at] == hash)
            {
                weights[at] = Math.Max(weights[at], weight);
                return false;
            }

            if (hashes[at] == 0)
            {
                (hashes[at], weights[at]) = (hash, weight);
                return true;
            }
        }
    }

    /// <summary>Gives up all but the lowest ranks; after that, the state says what it means in one way alone.</summary>
    private void Cut(ref DistinctSumState state)
    {
        if (state.Count <= _most)
            return;
        var kept = Gather(in state);
        kept.Sort(Ranked.ByRank);
        state.Threshold = Math.Min(state.Threshold, kept[_most].Rank);
        Fill(ref state, kept[.._most]);
    }

    private void Rebuild(ref DistinctSumState state, int bytes)
    {
        var kept = Gather(in state);
        var grown = BlockRange.Rent(_blocks, bytes);
        state.Range.Release(_blocks);
        state.Range = grown;
        Fill(ref state, kept);
    }

    private void Fill(ref DistinctSumState state, ReadOnlySpan<Ranked> kept)
    {
        state.Range.Items<ulong>(_blocks).Clear();
        state.Count = kept.Length;
        foreach (ref readonly var entry in kept)
            Insert(in state, entry.Hash, entry.Weight);
    }

    private Span<Ranked> Gather(in DistinctSumState state)
    {
        var places = state.Range.Length / 2;
        var hashes = state.Range.Items<ulong>(_blocks);
        var weights = state.Range.Items<double>(_blocks);
        var count = 0;
        for (var place = 0; place < places; place++)
        {
            if (hashes[place] != 0)
                _scratch[count++] = new Ranked(hashes[place], weights[places + place]);
        }

        return _scratch.AsSpan(0, count);
    }

    /// <summary>A value and its weight, in the order of the ranks; of equal ones the lower hash comes first.</summary>
    private readonly struct Ranked
    {
        public Ranked(ulong hash, double weight)
        {
            Hash = hash;
            Weight = weight;
            Rank = RankOf(hash, weight);
        }

        public static Comparison<Ranked> ByRank { get; } = static (left, right) =>
            left.Rank != right.Rank ? left.Rank.CompareTo(right.Rank) : left.Hash.CompareTo(right.Hash);

        public ulong Hash { get; }

        public double Weight { get; }

        public double Rank { get; }
    }
}
