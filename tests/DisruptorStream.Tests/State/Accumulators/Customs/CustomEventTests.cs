using DisruptorStream.Aggregation;
using DisruptorStream.Events;
using DisruptorStream.Testing;
using DisruptorStream.Tests.Aggregation;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.State.Accumulators.Customs;

/// <summary>Aggregates of the user's over several measures, with several results.</summary>
public sealed class CustomEventTests
{
    private static readonly string[] VwapNames = ["vwap", "volume", "newest"];

    [Fact]
    public void Custom_SeveralMeasures_AreReadInTheOrderOfTheirNames()
    {
        using var records = new Records(
            a => a.Custom<Vwap, Vwap.State>(VwapNames, ["x2", "x1"]).Count("n"),
            [MeasureType.Double, MeasureType.Int64, MeasureType.Double]);
        Assert.Equal(
            ["vwap", "volume", "newest", "n"], records.Plan.Metrics.Select(metric => metric.Name));
        var record = records.New();
        records.AddBits(record, 5, Bits(99), 10, Bits(2.5));
        records.AddBits(record, 7, Bits(98), 30, Bits(4.5));
        var later = records.New();
        records.AddBits(later, 9, Bits(97), 60, Bits(1));
        Assert.Equal([4, 40, 7, 2], Enumerable.Range(0, 4).Select(metric => records.Read(record, metric)));
        records.Merge(record, later);
        Assert.Equal([2.2, 100, 9, 3], Enumerable.Range(0, 4).Select(metric => records.Read(record, metric)));
        Assert.Contains(
            "Vwap as vwap(x2, x1)",
            records.Plan.Layout.Accumulators.Select(accumulator => accumulator.Identity.ToString()));
    }

    [Fact]
    public void Custom_WithoutMeasures_ReadsAllOfThem()
    {
        using var records = new Records(
            a => a.Custom<Widths, long>(["count", "unwritten"]), [MeasureType.Double, MeasureType.Int64]);
        var record = records.New();
        records.AddBits(record, 0, Bits(1), 2);
        Assert.Equal([2, double.NaN], Enumerable.Range(0, 2).Select(metric => records.Read(record, metric)));
    }

    [Fact]
    public void Custom_EventThatLacksAMeasure_IsLeftOut()
    {
        using var records = new Records(
            a => a.Custom<Widths, long>(["sum"]).Count("n"),
            [MeasureType.Double, MeasureType.Symbol],
            NonFinitePolicy.IgnoreMeasure);
        var record = records.New();
        records.AddBits(record, 0, Bits(double.NaN), 3);
        records.AddBits(record, 0, Bits(1), SymbolTable.None);
        records.AddBits(record, 0, Bits(1), 3);
        Assert.Equal([2, 3], Enumerable.Range(0, 2).Select(metric => records.Read(record, metric)));
    }

    [Fact]
    public void Custom_ThatThrows_FailsThatRecordAlone()
    {
        using var records = new Records(
            a => a.Custom<Vwap, Vwap.State>(VwapNames).Count("n"), [MeasureType.Double, MeasureType.Int64]);
        var (record, other) = (records.New(), records.New());
        records.AddBits(record, 0, Bits(13), 1);
        records.AddBits(other, 0, Bits(12), 1);
        Assert.IsType<ArithmeticException>(records.FailureOf(record));
        Assert.Null(records.FailureOf(other));
        Assert.Equal(12, records.Read(other));
        records.AddBits(other, 0, Bits(1), -1);

        // Its result throws: nothing to show now, and nothing lost.
        Assert.IsType<DivideByZeroException>(records.FailureOf(other));
        records.AddBits(other, 0, Bits(4), 1);
        Assert.Null(records.FailureOf(other));
        records.Merge(record, other);
        Assert.IsType<ArithmeticException>(records.FailureOf(record));
    }

    [Fact]
    public void Custom_IntegerReadOfADouble_SaysWhatToDo()
    {
        using var records = new Records(a => a.Custom<Vwap, Vwap.State>(VwapNames, ["x", "x"]));
        var record = records.Of(1);
        Assert.Contains("declare the measure as long", records.FailureOf(record)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Custom_NamesAndMeasures_AreChecked()
    {
        using var records = new Records(
            a =>
            {
                Assert.Throws<ArgumentException>(() => a.Custom<Widths, long>([]));
                Assert.Throws<ArgumentException>(() => a.Custom<Widths, long>(["a"], ["y"]));
                a.Count("n");
                Assert.Throws<ArgumentException>(() => a.Custom<Widths, long>(["n"]));
            });
    }

    [Fact]
    public void MeasureValues_MadeByHand_ReadAsTheEnginesOwn()
    {
        var values = new MeasureValues([1.5, 2], timestampTicks: 3, sequence: 4);
        Assert.Equal((2, 1.5, 2, 3, 4), (values.Count, values[0], values[1], values.TimestampTicks, values.Sequence));
        var typed = new MeasureValues([7, Bits(2.5)], [MeasureType.Int64, MeasureType.Double]);
        Assert.Equal((7L, 7.0, 2.5), (typed.GetInt64(0), typed[0], typed[1]));
        Assert.Throws<ArgumentException>(() => new MeasureValues([7L], [MeasureType.Int64, MeasureType.Int64]).Count);
    }

    [Fact]
    public void Custom_InWindowsWithEarlyPanes_ShowsItsNames()
    {
        using var driver = StreamTestDriver.Create(StreamProcessorBuilder.ForKeys<string>()
            .Measure("price")
            .Measure("volume", MeasureType.Int64)
            .SlidingWindows(TimeSpan.FromTicks(20), TimeSpan.FromTicks(10))
            .Early(1)
            .Accumulation(AccumulationMode.Retracting)
            .Aggregate(a => a.Custom<Vwap, Vwap.State>(VwapNames).Expression("turnover", "vwap * volume")));
        driver.Publish("k", 0, [2.0, 3]);
        driver.Publish("k", 12, [4.0, 1]);
        driver.Complete();
        var last = driver.ReadPanes().Last(pane => pane.Window.StartTicks == 0);
        Assert.Equal((2.5, 4, 10), (last["vwap"], last["volume"], last["turnover"]));
    }

    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);

    private readonly struct Vwap : IEventAggregate<Vwap.State>
    {
        public static State Initial => default;

        public static void Accumulate(ref State state, in MeasureValues values)
        {
            if (values[0] == 13)
                throw new ArithmeticException("It is 13.");
            state.Turnover += values[0] * values[1];
            state.Volume += values.GetInt64(1);
            state.Newest = values.TimestampTicks;
        }

        public static void Merge(ref State state, in State later)
        {
            state.Turnover += later.Turnover;
            state.Volume += later.Volume;
            state.Newest = Math.Max(state.Newest, later.Newest);
        }

        public static void Result(in State state, Span<double> results)
        {
            if (state.Volume == 0)
                throw new DivideByZeroException("There is no volume.");
            results[0] = state.Turnover / state.Volume;
            results[1] = state.Volume;
            results[2] = state.Newest;
        }

        internal struct State
        {
            public double Turnover;
            public long Volume;
            public long Newest;
        }
    }

    /// <summary>Adds up how many measures there are; writes the first of its results only.</summary>
    private readonly struct Widths : IEventAggregate<long>
    {
        public static long Initial => 0;

        public static void Accumulate(ref long state, in MeasureValues values) => state += values.Count;

        public static void Merge(ref long state, in long later) => state += later;

        public static void Result(in long state, Span<double> results) => results[0] = state;
    }
}
