using CsCheck;
using DisruptorStream.Aggregation;
using DisruptorStream.Tests.Aggregation;
using DisruptorStream.Tests.State.Saving;

namespace DisruptorStream.Tests.State;

/// <summary>A record that was saved and loaded is what it was: it reads, merges and goes on alike.</summary>
public sealed class AggregatePlanTests
{
    private static readonly Dictionary<string, Action<AggregateBuilder>> Menu = new(StringComparer.Ordinal)
    {
        ["moments"] = a => a.Count("n").Sum("s", "x").Min("i", "x").Max("a", "x").Average("v", "x"),
        ["spread and shape"] = a => a.Variance("v", "x").Skewness("k", "x").ZScore("z", "x"),
        ["sums"] = a => a.Sum("e", "x", SumMode.Exact).Sum("c", "x", SumMode.Compensated).SumOfSquares("q", "x"),
        ["long sum"] = a => a.Sum("s", "x1").Range("r", "x1"),
        ["first and last"] = a => a.First("f", "x").Last("l", "x1").ArgMin("m", "x", "x1").ArgMax("o", "x1", "x"),
        ["averages"] = a => a.MovingAverage("m", 0.2, "x").WeightedAverage("w", "x", "x1").Histogram("h", [1, 50], "x"),
        ["percentiles"] = a => a.Percentile("p", 50, "x").Percentile("q", 99, "x1"),
        ["coarse percentiles"] = a => a.Percentile("p", 50, "x", PercentileMode.Sketch(0.0005)),
        ["exact percentiles"] = a => a.Percentile("p", 50, "x", PercentileMode.ExactUpTo(300)),
        ["distinct"] = a => a.Distinct("d", "x", precision: 8).Distinct("e", "x1", precision: 14),
        ["top"] = a => a.Top("t", 3, "x1", capacity: 9).Top("u", 2, "x"),
        ["weighted"] = a => a.Top("t", 3, "x1", "x", capacity: 9).Distinct("d", "x1", "x", precision: 8),
        ["weighted by integers"] = a => a.Top("t", 2, "x", "x1", capacity: 5).Distinct("d", "x", "x1", precision: 7),
        ["weighted distinct"] = a => a.Distinct("d", "x1", "x", precision: 7).Distinct("e", "x", "x1"),
        ["user's own"] = a => a.Custom<Fussy, Fussy.State>("f", "x").Count("n"),
        ["all at once"] = a => a.Custom<Fussy, Fussy.State>("f", "x").Distinct("d", "x").Percentile("p", 9, "x")
            .Sum("s", "x").Sum("l", "x1").Top("t", 2, "x").Min("i", "x"),
    };

    private static readonly Gen<(int Count, int Kind)[]> Parts = Gen.Select(Gen.Int[0, 300], Gen.Int[0, 4]).Array[2, 4];

    public static TheoryData<string> Metrics => [.. Menu.Keys];

    [Theory]
    [MemberData(nameof(Metrics))]
    public void Load_AnyRecord_GoesOnAsItWas(string metrics) => Gen.Select(Parts, Gen.Int[0, 10_000]).Sample(
        (parts, seed) =>
        {
            using var first = New(metrics);
            using var second = New(metrics);
            var random = new Random(seed);
            var (record, other) = (first.New(), first.New());
            Add(first, record, parts[0], random.Next());
            Add(first, other, parts[1], random.Next());
            if (parts.Length > 2)
                first.Merge(record, other);
            if (parts.Length > 3)
                first.ReadBits(record);
            var saved = first.Save(record, other);
            second.Load(saved, 2, first);
            Assert.Equal(saved, second.Save(0, 1));
            Check(first, second, record, other);

            var next = random.Next();
            Add(first, record, parts[^1], next);
            Add(second, 0, parts[^1], next);
            Check(first, second, record, other);
            first.Merge(other, record);
            second.Merge(1, 0);
            Check(first, second, record, other);
            Assert.Equal(first.Save(record, other), second.Save(0, 1));
        },
        iter: 100,
        threads: 1);

    /// <summary>Values in another order, and merged rather than added, leave another history in the blocks.</summary>
    [Theory]
    [InlineData("percentiles")]
    [InlineData("exact percentiles")]
    [InlineData("distinct")]
    [InlineData("weighted distinct")]
    public void Save_SameValuesInAnyOrderAndGrouping_SameBytes(string metrics) => Gen.Int[0, 300].Array[0, 300].Sample(
        values =>
        {
            using var first = New(metrics);
            using var second = New(metrics);
            foreach (var record in (int[])[first.New(), second.New(), second.New()])
                Assert.True(record < 2);
            AddAll(first, 0, values);
            AddAll(second, 0, [.. values.Where(value => value % 2 == 0).Reverse()]);
            AddAll(second, 1, [.. values.Where(value => value % 2 != 0)]);
            second.ReadBits(1);
            second.Merge(0, 1);
            second.ReadBits(0);
            Assert.Equal(first.Save(0), second.Save(0));
        },
        iter: 100,
        threads: 1);

    /// <summary>A shard's own events are not consecutive, and accumulators see the sequences that they have.</summary>
    [Fact]
    public void Accumulate_GatheredEvents_SeesTheirSequences()
    {
        using var gathered = New("user's own");
        long[] sequences = [3, 17, 1000];
        var record = gathered.New();
        gathered.AddGathered(record, sequences, value: 2);
        Assert.Equal((3 * 2) + (1000 / 1024.0), gathered.Read(record));
    }

    private static Records New(string metrics) => new(Menu[metrics], [MeasureType.Double, MeasureType.Int64]);

    private static void AddAll(Records records, int record, int[] values)
    {
        foreach (var value in values)
            records.AddBits(record, 0, BitConverter.DoubleToInt64Bits((value - 20) / 7.0), value * value);
    }

    private static void Add(Records records, int record, (int Count, int Kind) part, int seed)
    {
        var random = new Random(seed);
        for (var index = 0; index < part.Count; index++)
        {
            var value = part.Kind switch
            {
                0 => random.Next(5),
                1 => random.Next(-40, 40),
                2 => Math.Exp(random.NextDouble() * 1400 - 700),
                3 => (random.NextDouble() - 0.5) * 1e6,
                _ => 0,
            };
            var whole = part.Kind == 4 ? long.MaxValue - random.Next(9) : random.Next(-part.Count, part.Count);
            records.AddBits(record, random.Next(50), BitConverter.DoubleToInt64Bits(value), whole);
        }
    }

    private static void Check(Records first, Records second, int record, int other)
    {
        foreach (var (one, two) in ((int, int)[])[(record, 0), (other, 1)])
        {
            Assert.Equal(first.ReadBits(one), second.ReadBits(two));
            Assert.Equal(first.FailureOf(one)?.Message, second.FailureOf(two)?.Message);
        }
    }
}
