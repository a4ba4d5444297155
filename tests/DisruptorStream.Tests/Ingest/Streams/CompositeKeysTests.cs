using CsCheck;
using DisruptorStream.Ingest.Keys;
using DisruptorStream.Ingest.Streams;

namespace DisruptorStream.Tests.Ingest.Streams;

/// <summary>Combinations of ids: as one number, as one id, and how long they hold their parts.</summary>
public sealed class CompositeKeysTests
{
    [Fact]
    public void Combine_AnyIds_AreReadBack() => Gen.Int[0, int.MaxValue].Array[2, CompositeKeys.MostParts].Sample(ids =>
    {
        var composite = CompositeKeys.Combine(ids);

        Assert.Equal(ids, ids.Select((_, part) => CompositeKeys.PartOf(composite, part)));
    });

    [Fact]
    public void MaskOf_SomeParts_LeavesTheirBits()
    {
        var composite = CompositeKeys.Combine([1, int.MaxValue, 3, 4]);

        Assert.Equal(CompositeKeys.Combine([1, 0, 3, 0]), composite & CompositeKeys.MaskOf([0, 2]));
        Assert.Equal(CompositeKeys.Combine([0, int.MaxValue, 0, 4]), composite & CompositeKeys.MaskOf([1, 3]));
        Assert.Equal(UInt128.Zero, CompositeKeys.MaskOf([]));
    }

    [Fact]
    public void Intern_SameIds_HaveOneIdAndAnotherOrderHasAnother()
    {
        var keys = new CompositeKeys(new KeyTable<UInt128>(10), 2);

        var id = keys.Intern(CompositeKeys.Combine([1, 2]));

        Assert.Equal(id, keys.Intern(CompositeKeys.Combine([1, 2])));
        Assert.NotEqual(id, keys.Intern(CompositeKeys.Combine([2, 1])));
        Assert.Equal(2, keys.Table.Count);
    }

    [Fact]
    public void Intern_NoRoom_IsBelowZeroAndHoldsNoPart()
    {
        var keys = new CompositeKeys(new KeyTable<UInt128>(1), 2);
        keys.Intern(CompositeKeys.Combine([1, 2]));

        Assert.Equal(KeyTable<UInt128>.Full, keys.Intern(CompositeKeys.Combine([3, 4])));

        Assert.False(keys.Uses(0, 3));
        Assert.False(keys.Uses(1, 4));
    }

    [Fact]
    public void Uses_PartOfSeveralCombinations_EndsWithTheLast()
    {
        var keys = new CompositeKeys(new KeyTable<UInt128>(10), 2);
        var first = keys.Intern(CompositeKeys.Combine([1, 200]));
        var second = keys.Intern(CompositeKeys.Combine([1, 300]));
        Assert.Equal((true, false, true), (keys.Uses(0, 1), keys.Uses(1, 1), keys.Uses(1, 300)));

        Retire(keys, first);
        Assert.Equal((true, false, true), (keys.Uses(0, 1), keys.Uses(1, 200), keys.Uses(1, 300)));
        Retire(keys, second);
        Assert.Equal((false, false), (keys.Uses(0, 1), keys.Uses(1, 300)));
    }

    [Fact]
    public void Constructor_TableWithCombinations_KnowsTheirParts()
    {
        var table = new KeyTable<UInt128>(10);
        table.Intern(CompositeKeys.Combine([7, 8]));

        var keys = new CompositeKeys(table, 2);

        Assert.Equal((true, true, false), (keys.Uses(0, 7), keys.Uses(1, 8), keys.Uses(0, 8)));
        Assert.Equal(2, keys.PartCount);
    }

    [Fact]
    public void Intern_ManyThreads_CountsEachCombinationOnce()
    {
        var keys = new CompositeKeys(new KeyTable<UInt128>(1000), 2);
        var ids = new int[4][];

        Parallel.For(0, ids.Length, thread => ids[thread] =
            [.. Enumerable.Range(0, 500).Select(index => keys.Intern(CompositeKeys.Combine([index % 50, index % 7])))]);

        Assert.Equal(350, keys.Table.Count);
        Assert.All(ids, other => Assert.Equal(ids[0], other));
        foreach (var id in ids[0].Distinct())
            Retire(keys, id);
        Assert.All(Enumerable.Range(0, 50), part => Assert.False(keys.Uses(0, part)));
    }

    private static void Retire(CompositeKeys keys, int id)
    {
        Assert.True(keys.Table.TryMarkRetiring(id));
        Assert.True(keys.Table.TryRetire(id, sequence: 1));
        keys.Release(id);
    }
}
