using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Accumulators.Sketches;

/// <summary>HyperLogLog with 64-bit hashes, sparse while there are few, over states that lie in records.</summary>
/// <remarks>
/// <para>HyperLogLog++ (Heule, Nunkesser and Hall, EDBT 2013) with two parts replaced: the sparse form is a set of
/// whole hashes, so that it counts exactly, and in place of empirical bias tables the estimator is the improved raw one
/// of Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017, arXiv:1702.01284), which needs
/// none over the whole range. The standard error is 1.04 / sqrt(2^precision).</para>
/// <para>What a state holds in the end depends on the set of values alone.</para>
/// </remarks>
internal sealed unsafe partial class DistinctSketch
{
    public const int MinPrecision = 7;
    public const int MaxPrecision = 16;

    private const int RegistersPerPane = 64;
    private const int RegistersPerMergedPane = 4096;

    private readonly BlockPool _blocks;
    private readonly int _precision;
    private readonly int _registers;
    private readonly int _maxHashes;

    public DistinctSketch(BlockPool blocks, int precision)
    {
        _blocks = blocks;
        _precision = precision;
        _registers = 1 << precision;

        // The table of hashes takes at most half the bytes of the registers, and is at most three quarters full.
        _maxHashes = _registers / 2 / sizeof(ulong) * 3 / 4;
    }

    public int MaxBytes => _registers;

    /// <summary>What merging two states costs, in panes.</summary>
    public int PanesPerMerge => 1 + (_registers / RegistersPerMergedPane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ref DistinctState state, long bits)
    {
        var hash = Bits64.Hash(bits);
        if (state.Hashes == DistinctState.IsDense)
            AddToRegisters(_blocks.At(state.Range.Block), hash);
        else
            AddHash(ref state, hash);
    }

    public void Merge(ref DistinctState into, in DistinctState later)
    {
        if (later.Hashes != DistinctState.IsDense)
        {
            foreach (var hash in later.Range.Items<ulong>(_blocks))
            {
                if (hash == 0)
                    continue;
                if (into.Hashes == DistinctState.IsDense)
                    AddToRegisters(_blocks.At(into.Range.Block), hash);
                else
                    AddHash(ref into, hash);
            }

            return;
        }

        if (into.Hashes != DistinctState.IsDense)
            BecomeDense(ref into);
        var registers = _blocks.At(into.Range.Block);
        var others = _blocks.At(later.Range.Block);
        for (var index = 0; index < _registers; index += Vector256<byte>.Count)
        {
            var larger = Vector256.Max(Vector256.Load(registers + index), Vector256.Load(others + index));
            Vector256.Store(larger, registers + index);
        }
    }

    /// <summary>The number of different values: exact while sparse, else an estimate.</summary>
    public long Count(in DistinctState state) => state.Hashes == DistinctState.IsDense
        ? (long)Math.Round(Estimate(state.Range.Items<byte>(_blocks)))
        : state.Hashes;

    /// <summary>What <see cref="Count"/> costs, in panes.</summary>
    public int CountCost(in DistinctState state) =>
        state.Hashes == DistinctState.IsDense ? _registers / RegistersPerPane : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddToRegisters(byte* registers, ulong hash)
    {
        var register = registers + (hash >> (64 - _precision));

        // The marker bit ends the count where all the remaining bits are zero.
        var rank = (byte)(BitOperations.LeadingZeroCount((hash << _precision) | (1UL << (_precision - 1))) + 1);
        if (rank > *register)
            *register = rank;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddHash(ref DistinctState state, ulong hash)
    {
        // 0 marks a free place: the one value with that hash takes its neighbour's.
        hash = hash == 0 ? 1 : hash;
        var table = state.Range.Items<ulong>(_blocks);
        if (table.Length > 0 && !Insert(table, hash))
            return;

        if (table.Length > 0 && ++state.Hashes <= table.Length * 3 / 4)
            return;

        if (table.Length > 0 && state.Hashes > _maxHashes)
        {
            BecomeDense(ref state);
            return;
        }

        Grow(ref state);
        if (table.Length == 0)
        {
            Insert(state.Range.Items<ulong>(_blocks), hash);
            state.Hashes = 1;
        }
    }

    /// <summary>Returns false when the hash is there already.</summary>
    private static bool Insert(Span<ulong> table, ulong hash)
    {
        var mask = table.Length - 1;
        for (var at = (int)hash & mask; ; at = (at + 1) & mask)
        {
            if (table[at] == hash)
                return false;

            if (table[at] == 0)
            {
                table[at] = hash;
                return true;
            }
        }
    }

    private void Grow(ref DistinctState state)
    {
        var grown = BlockRange.Rent(_blocks, Math.Max(BlockPool.MinBytes, state.Range.SizeBytes * 2));
        var table = grown.Items<ulong>(_blocks);
        table.Clear();
        foreach (var hash in state.Range.Items<ulong>(_blocks))
        {
            if (hash != 0)
                Insert(table, hash);
        }

        state.Range.Release(_blocks);
        state.Range = grown;
    }

    private void BecomeDense(ref DistinctState state)
    {
        var dense = BlockRange.Rent(_blocks, _registers);
        dense.Items<byte>(_blocks).Clear();
        foreach (var hash in state.Range.Items<ulong>(_blocks))
        {
            if (hash != 0)
                AddToRegisters(_blocks.At(dense.Block), hash);
        }

        state.Range.Release(_blocks);
        state.Range = dense;
        state.Hashes = DistinctState.IsDense;
    }

    private double Estimate(ReadOnlySpan<byte> registers)
    {
        var highest = 64 - _precision;
        Span<int> multiplicity = stackalloc int[66];
        multiplicity.Clear();
        foreach (var register in registers)
            multiplicity[register]++;

        var count = (double)registers.Length;
        var sum = count * Tau(1 - (multiplicity[highest + 1] / count));
        for (var rank = highest; rank >= 1; rank--)
            sum = 0.5 * (sum + multiplicity[rank]);
        sum += count * Sigma(multiplicity[0] / count);
        return count * count / (2 * Math.Log(2) * sum);
    }

    private static double Sigma(double share)
    {
        if (share == 1)
            return double.PositiveInfinity;

        var (weight, sum, before) = (1d, share, double.NaN);
        while (sum != before)
        {
            share *= share;
            before = sum;
            sum += share * weight;
            weight += weight;
        }

        return sum;
    }

    private static double Tau(double share)
    {
        if (share is 0 or 1)
            return 0;

        var (weight, sum, before) = (1d, 1 - share, double.NaN);
        while (sum != before)
        {
            share = Math.Sqrt(share);
            before = sum;
            weight *= 0.5;
            sum -= (1 - share) * (1 - share) * weight;
        }

        return sum / 3;
    }
}
